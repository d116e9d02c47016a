import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import type { Benchmark } from '../benchmarks/benchmark.ts';
import { drawBars } from './chart.ts';
import { type Chapter, writeDocument } from './document.ts';
import type { Result } from './result.ts';
import { summarize } from './summary.ts';

/** Where results are kept, and where the document and its pictures go. */
export interface Places {
  results: string;
  document: string;
  pictures: string;
}

const root = join(import.meta.dirname, '../..');

/** A quick run never touches what a real one has found. */
export function placesOf(quick: boolean): Places {
  const results = join(root, 'bench/results');
  const quickResults = join(results, 'quick');
  return quick
    ? {
        results: quickResults,
        document: join(quickResults, 'benchmarks.md'),
        pictures: quickResults,
      }
    : {
        results,
        document: join(root, 'docs/benchmarks.md'),
        pictures: join(root, 'docs/benchmarks'),
      };
}

export async function keepResult({ results }: Places, result: Result): Promise<void> {
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${result.id}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Writes the document and its pictures from everything that is kept. */
export async function report(places: Places, benchmarks: readonly Benchmark[]): Promise<void> {
  const { results, document, pictures } = places;
  await mkdir(pictures, { recursive: true });
  const chapters: Chapter[] = [];
  for (const benchmark of benchmarks) {
    const result = await readResult(join(results, `${benchmark.id}.json`));
    if (!result) continue;
    const picture = join(pictures, `${benchmark.id}.svg`);
    const { title, plotted } = benchmark;
    await writeFile(picture, drawBars(summarize(benchmark, result.samples), { title, plotted }));
    chapters.push({ benchmark, result, picture: relative(join(document, '..'), picture) });
  }
  await writeFile(document, writeDocument(chapters));
}

async function readResult(file: string): Promise<Result | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
