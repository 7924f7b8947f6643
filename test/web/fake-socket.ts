/**
 * A WebSocket without a network: what the page sends is kept, what the server says is handed in. Like a
 * real one it delivers its closing to the handler, also when the page closed it.
 */

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
}

export class FakeSocket {
  readonly sent: Message[] = [];
  closed = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  /** Called with every message the page sends. */
  onsent: (message: Message) => void = () => {};

  asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  send(text: string): void {
    const message = JSON.parse(text) as Message;
    this.sent.push(message);
    this.onsent(message);
  }

  close(code = 1000): void {
    if (this.closed) return;
    this.closed = true;
    this.onclose?.({ code, reason: '' });
  }

  receive(message: object): void {
    this.receiveText(JSON.stringify(message));
  }

  receiveText(text: string): void {
    this.onmessage?.({ data: text });
  }

  /** The server goes away. */
  drop(reason = ''): void {
    this.closed = true;
    this.onclose?.({ code: 1006, reason });
  }
}
