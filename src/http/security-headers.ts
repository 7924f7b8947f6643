/**
 * Headers of every response. The page loads nothing from elsewhere, runs no inline script, and cannot
 * be framed; it may use the camera and the microphone, and open WebSockets.
 */

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  // Not every browser takes 'self' to include WebSockets of the same host.
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(self), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
