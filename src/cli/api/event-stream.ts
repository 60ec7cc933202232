/** Parses the results in a response with server-sent events, in which each is one line of data. */
export async function* messagesOf(response: Response): AsyncGenerator<unknown, void> {
  const body = response.body?.pipeThrough(new TextDecoderStream());
  let text = '';
  for await (const chunk of body ?? []) {
    const messages = `${text}${chunk}`.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const [, json] = /^event: next\ndata: (.*)$/m.exec(message) ?? [];
      if (json !== undefined) yield JSON.parse(json);
      else if (message.startsWith('event: complete')) return;
    }
  }
}
