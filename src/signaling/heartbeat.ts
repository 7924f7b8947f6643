/** Pings the other side of a WebSocket and notices when it gives no sign of life. */
import type { WebSocket } from 'ws';

export class Heartbeat {
  private lastSeenAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private probeTimer: NodeJS.Timeout | undefined;

  /** @param onSilent called once when nothing came for `idleTimeoutMs`, or after a probe. */
  constructor(
    private readonly socket: WebSocket,
    limits: { readonly pingIntervalMs: number; readonly idleTimeoutMs: number },
    private readonly onSilent: () => void,
  ) {
    const touch = (): void => {
      this.lastSeenAt = performance.now();
      clearTimeout(this.probeTimer);
      this.probeTimer = undefined;
    };
    socket.on('message', touch).on('ping', touch).on('pong', touch);
    this.timer = setInterval(
      () => {
        if (performance.now() - this.lastSeenAt >= limits.idleTimeoutMs) this.suspect();
        else socket.ping();
      },
      Math.min(limits.pingIntervalMs, limits.idleTimeoutMs),
    ).unref();
    socket.once('close', () => {
      this.stop();
    });
  }

  /** Gives the other side `timeoutMs` to show life. */
  probe(timeoutMs: number): void {
    if (this.probeTimer !== undefined) return;
    this.probeTimer = setTimeout(() => {
      this.suspect();
    }, timeoutMs).unref();
    this.socket.ping();
  }

  /** A blocked event loop is not silence: what has arrived meanwhile is looked at first. */
  private suspect(): void {
    const seenAt = this.lastSeenAt;
    setImmediate(() => {
      if (this.lastSeenAt !== seenAt || this.socket.readyState !== this.socket.OPEN) return;
      this.stop();
      this.onSilent();
    });
  }

  private stop(): void {
    clearInterval(this.timer);
    clearTimeout(this.probeTimer);
  }
}
