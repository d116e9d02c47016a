import { type Change, judgeEvents, type Verdict, worstOf } from '@parley/contract/codegen';

/** What is said of the changes between two versions of a contract. */
export interface ChangeReport {
  /** What was compared with: `git:main`, or a file. */
  against: string;
  changes: readonly Change[];
  /** The file of each event that there is now. */
  files: ReadonlyMap<string, string>;
}

export const reportFormats = ['text', 'json', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export function printReport(report: ChangeReport, format: ReportFormat): string {
  switch (format) {
    case 'text':
      return printText(report);
    case 'json':
      return printJson(report);
    case 'github':
      return printAnnotations(report);
  }
}

function printText({ changes, against }: ChangeReport): string {
  const sections = judgeEvents(changes).map(({ event, input, output }) => {
    const verdicts = [input && `senders: ${input}`, output && `receivers: ${output}`];
    const lines = changes
      .filter((change) => change.event === event)
      .map(
        ({ verdict, rule, place, why }) => `  ${verdict.padEnd(11)}  ${place}  ${why}  [${rule}]\n`,
      );
    return `${event}  (${verdicts.filter(Boolean).join(', ')})\n${lines.join('')}\n`;
  });
  return `${sections.join('')}${summarize(changes, against)}\n`;
}

function summarize(changes: readonly Change[], against: string): string {
  if (changes.length === 0) return `Nothing has changed since ${against}.`;
  const verdicts: readonly Verdict[] = ['breaking', 'deprecating', 'compatible'];
  const counts = verdicts.map(
    (verdict) => `${changes.filter((change) => change.verdict === verdict).length} ${verdict}`,
  );
  return `Changes since ${against}: ${counts.join(', ')}.`;
}

function printJson({ changes, against }: ChangeReport): string {
  const verdict = worstOf(changes.map((change) => change.verdict));
  const report = { against, verdict, events: judgeEvents(changes), changes };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

const levels: Record<Verdict, string> = {
  breaking: 'error',
  deprecating: 'warning',
  compatible: 'notice',
};

/** Workflow commands of GitHub Actions, which it shows beside the lines of a pull request. */
function printAnnotations({ changes, files, against }: ChangeReport): string {
  const lines = changes.map(({ event, verdict, rule, place, why }) => {
    const file = files.get(event);
    const properties = [
      ...(file === undefined ? [] : [`file=${escapeProperty(file)}`]),
      `title=${escapeProperty(`${event}: ${rule}`)}`,
    ];
    return `::${levels[verdict]} ${properties.join(',')}::${escapeData(`${place}: ${why}`)}\n`;
  });
  return `${lines.join('')}${summarize(changes, against)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
