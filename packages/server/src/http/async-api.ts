import core from '@parley/contract/asyncapi.json' with { type: 'json' };

/** What a generated `asyncapi.gen.json` has in it, as far as it matters for putting several together. */
export interface AsyncApiDocument {
  readonly info: { readonly title: string };
  readonly channels: Named;
  readonly operations: Named;
  readonly components: { readonly schemas: Named };
}

type Named = Readonly<Record<string, unknown>>;

/** The core's document with those of other packages in it. Throws when one name means two things. */
export function composeDocument(others: readonly AsyncApiDocument[]): AsyncApiDocument {
  const all: AsyncApiDocument[] = [core, ...others];
  return {
    ...core,
    info: { ...core.info, title: all.map(({ info }) => info.title).join('; ') },
    channels: join(all.map(({ channels }) => channels)),
    operations: join(all.map(({ operations }) => operations)),
    components: {
      ...core.components,
      schemas: join(all.map(({ components }) => components.schemas)),
    },
  };
}

function join(parts: readonly Named[]): Named {
  const whole: Record<string, unknown> = {};
  for (const [name, part] of parts.flatMap((each) => Object.entries(each))) {
    if (Object.hasOwn(whole, name) && JSON.stringify(whole[name]) !== JSON.stringify(part)) {
      throw new Error(`Two packages say different things of ${JSON.stringify(name)}. Rename one.`);
    }
    whole[name] = part;
  }
  return whole;
}
