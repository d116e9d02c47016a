/** Whether a change breaks others in a direction, and why or why not. `{who}` are those who hear or receive. */
interface Judgement {
  breaks: boolean;
  because: string;
}

interface Rule {
  /** For what is sent: the old senders go on sending to the new server. */
  input: Judgement;
  /** For replies and what is heard: the old front ends get what the new server gives. */
  output: Judgement;
}

/** The kinds of change a shape can go through. */
export type ShapeRule = keyof typeof shapeRules;

export type ShapeRules = Readonly<Record<ShapeRule, Rule>>;

const fine = (because: string): Judgement => ({ breaks: false, because });
const broken = (because: string): Judgement => ({ breaks: true, because });

const stillTaken = fine('all that was sent so far is still taken');
const alreadyKnown = fine('{who} know all that comes');

export const shapeRules = {
  'type-changed': {
    input: broken('senders of the old type are refused'),
    output: broken('{who} expect the old type'),
  },
  'type-widened': {
    input: stillTaken,
    output: broken('{who} may get what they do not expect'),
  },
  'type-narrowed': {
    input: broken('some of what was sent so far is refused'),
    output: alreadyKnown,
  },
  'required-field-added': {
    input: broken('senders do not know it yet, and are refused without it'),
    output: fine('{who} pass over what they do not know'),
  },
  'optional-field-added': {
    input: fine('senders may go on without it'),
    output: fine('{who} pass over what they do not know'),
  },
  'required-field-removed': {
    input: broken('senders still send it, and unknown keys are refused'),
    output: broken('{who} count on it'),
  },
  'optional-field-removed': {
    input: broken('senders may still send it, and unknown keys are refused'),
    output: fine('{who} could never count on it'),
  },
  'field-ignored': {
    input: fine('unknown keys are not refused'),
    output: broken('{who} may get anything under this key'),
  },
  'field-claimed': {
    input: broken('any key was taken so far, so this one may come with another type'),
    output: alreadyKnown,
  },
  'became-optional': {
    input: fine('senders may go on sending it'),
    output: broken('{who} count on it'),
  },
  'became-required': {
    input: broken('senders who leave it out are refused'),
    output: fine('{who} get it always'),
  },
  'keys-opened': {
    input: stillTaken,
    output: fine('{who} pass over what they do not know'),
  },
  'keys-closed': {
    input: broken('senders of further keys are refused'),
    output: alreadyKnown,
  },
  'member-added': {
    input: stillTaken,
    output: broken('{who} may get a value that they do not know'),
  },
  'member-removed': {
    input: broken('senders of this value are refused'),
    output: fine('{who} only wait for it in vain'),
  },
  'bound-tightened': {
    input: broken('senders of what lies outside are refused'),
    output: alreadyKnown,
  },
  'bound-loosened': {
    input: stillTaken,
    output: broken('{who} may get what was outside the bounds'),
  },
  'format-added': {
    input: broken('senders of what does not look like it are refused'),
    output: alreadyKnown,
  },
  'format-removed': {
    input: stillTaken,
    output: broken('{who} may get what does not look like it'),
  },
  'check-added': {
    input: broken('senders of what does not pass it are refused'),
    output: alreadyKnown,
  },
  'check-removed': {
    input: stillTaken,
    output: broken('{who} may get what did not pass it'),
  },
  'branch-added': {
    input: stillTaken,
    output: broken('{who} may get a type that they do not know'),
  },
  'branch-removed': {
    input: broken('senders of this type are refused'),
    output: fine('{who} only wait for it in vain'),
  },
  'branch-covered': {
    input: fine('another type takes the same'),
    output: fine('{who} know all that comes'),
  },
  'conversion-changed': {
    input: broken('what was sent so far may be refused by what it is converted to'),
    output: alreadyKnown,
  },
} satisfies Record<string, Rule>;
