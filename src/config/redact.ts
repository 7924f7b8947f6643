/** Takes out of a text what may be secret, for logs and messages. */

/** A URL without user name, password and query; the text need not be a correct URL. */
export function redactUrl(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//...@').replace(/\?.*$/s, '?...');
}

/** `turn:turn.example.com:...` of a TURN server; undefined when nothing of it is known to be public. */
export function redactTurnServer(text: string): string | undefined {
  const start = /^turns?:([^\s:@]+(?=:))?/i.exec(text)?.[0];
  return start === undefined ? undefined : `${start.replace(/:$/, '')}:...`;
}
