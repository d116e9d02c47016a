/** The chat that data names: by `chatId`, in one of its parts too, or as `chat`. */
export function chatIdIn(data: unknown): string | undefined {
  const parts = isObject(data) ? Object.values(data) : [];
  const chatId = [data, ...parts].map((part) => textAt(part, 'chatId')).find(Boolean);
  return chatId ?? (isObject(data) ? textAt(data['chat'], 'id') : undefined);
}

function textAt(value: unknown, key: string): string | undefined {
  const text = isObject(value) ? value[key] : undefined;
  return typeof text === 'string' ? text : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
