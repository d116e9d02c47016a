import type { EventDefinition, ListenHalf, SendHalf } from '../../src/define-event.ts';
import { commonErrors, declarableErrors, type ErrorDefinition } from '../../src/errors.ts';
import type { EventFile } from '../load-package.ts';
import { printDoc, printKey } from '../print-source.ts';
import { TypePrinter, type ReportProblem } from '../print-types.ts';
import { header } from './source.ts';

/** Prints the flat types of all events: no imports, and nothing left to infer. */
export function printTypes(events: readonly EventFile[], report: ReportProblem): string {
  const printer = new TypePrinter(report);
  const send = events.flatMap(({ path, event }) =>
    event.send ? printEntry(event, printSend(event.send, printer, `${path}: send`)) : [],
  );
  const listen = events.flatMap(({ path, event }) =>
    event.listen ? printEntry(event, printListen(event.listen, printer, `${path}: listen`)) : [],
  );
  const common = printErrors(Object.values(commonErrors), printer, 'errors');

  return `${header}/** Every event that can be sent: its data, its reply, and the codes it can be refused with. */
export interface SendEvents {
${send.join('\n')}
}

/** Every event that can be listened to: what is heard, and whether it is kept in the log. */
export interface ListenEvents {
${listen.join('\n')}
}

/** Codes any send can be refused with, and what comes with each. */
export interface CommonErrors ${common}

${printer.printModels()}`;
}

function printEntry(event: EventDefinition, type: string): string {
  return `${printDoc(describe(event))}${JSON.stringify(event.name)}: ${type};`;
}

function describe({ summary, deprecated }: EventDefinition): string {
  if (!deprecated) return summary;
  const { since, use } = deprecated;
  return `${summary}\n@deprecated since ${since}${use === undefined ? '.' : `; use ${use}.`}`;
}

function printSend(send: SendHalf, printer: TypePrinter, path: string): string {
  const definitions = send.errors.map((error) =>
    typeof error === 'string' ? declarableErrors[error] : error,
  );
  return `{
data: ${printer.print(send.data, 'input', `${path}.data`)};
reply: ${printer.print(send.reply, 'output', `${path}.reply`)};
errors: ${printErrors(definitions, printer, `${path}.errors`)};
}`;
}

function printListen(listen: ListenHalf, printer: TypePrinter, path: string): string {
  return `{
data: ${printer.print(listen.data, 'output', `${path}.data`)};
durable: ${listen.durable};
}`;
}

function printErrors(
  errors: readonly ErrorDefinition[],
  printer: TypePrinter,
  path: string,
): string {
  const fields = errors.map(({ code, data }) => {
    const type = data ? printer.print(data, 'output', `${path}.${code}`) : 'undefined';
    return `${printKey(code)}: ${type};`;
  });
  return `{\n${fields.join('\n')}\n}`;
}
