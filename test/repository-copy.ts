import { execFile } from 'node:child_process';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

const notCopied = new Set(['.git', 'coverage', 'data', 'dist', 'node_modules']);

/** How a command ended, and all it printed. */
export interface Ended {
  exitCode: number;
  output: string;
}

/** The repository's files in a directory of their own, to be spoiled, with the dependencies that are installed here. */
export class RepositoryCopy implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<RepositoryCopy> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-copy-'));
    const modules: string[] = [];
    await cp(root, directory, {
      recursive: true,
      filter(source) {
        if (basename(source) === 'node_modules') modules.push(relative(root, source));
        return !notCopied.has(basename(source));
      },
    });
    for (const path of modules) await linkModules(join(root, path), join(directory, path));
    return new RepositoryCopy(directory);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.directory, path), 'utf8');
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await writeFile(join(this.directory, path), content);
  }

  remove(path: string): Promise<void> {
    return rm(join(this.directory, path));
  }

  /** Every file with what is in it; what is ignored in the repository is left out. */
  async files(): Promise<Map<string, string>> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.directory, join(entry.parentPath, entry.name)))
      .filter((path) => !path.split('/').some((part) => notCopied.has(part)));
    return new Map(
      await Promise.all(paths.map(async (path) => [path, await this.read(path)] as const)),
    );
  }

  /** Runs a command of the installed dependencies at the root of the copy. */
  runTool(name: string, ...args: string[]): Promise<Ended> {
    return this.#run(join(root, 'node_modules/.bin', name), args);
  }

  runNode(...args: string[]): Promise<Ended> {
    return this.#run(process.execPath, args);
  }

  #run(command: string, args: string[]): Promise<Ended> {
    return new Promise((done, fail) => {
      const options = { cwd: this.directory, maxBuffer: 2 ** 26, timeout: 120_000 };
      execFile(command, args, options, (error, stdout, stderr) => {
        const exitCode = error ? error.code : 0;
        if (typeof exitCode === 'number') done({ exitCode, output: stdout + stderr });
        else fail(error);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}

/** Links what is installed; the workspace's own packages lead by relative paths into the copy. */
async function linkModules(from: string, to: string) {
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (name.startsWith('.')) continue;
    if (name !== '@parley') {
      await symlink(join(from, name), join(to, name));
      continue;
    }
    await mkdir(join(to, name));
    for (const each of await readdir(join(from, name))) {
      await symlink(await readlink(join(from, name, each)), join(to, name, each));
    }
  }
}
