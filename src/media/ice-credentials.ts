/** ICE user fragments and passwords (RFC 8839 section 5.4) from the system's secure random source. */
import { randomBytes } from 'node:crypto';

/** A user fragment and the password that goes with it, both made of ice-chars. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** 6 bits a character: 48 bits of user fragment tell transports apart, 144 bits of password protect them. */
const UFRAG_LENGTH = 8;
const PWD_LENGTH = 24;

/** Makes new credentials. RFC 8445 asks for at least 24 bits of randomness in the one, 128 in the other. */
export function generateIceCredentials(): IceCredentials {
  return { ufrag: randomIceChars(UFRAG_LENGTH), pwd: randomIceChars(PWD_LENGTH) };
}

/** Standard base64 uses exactly the 64 ice-chars: letters, digits, "+" and "/". */
function randomIceChars(length: number): string {
  return randomBytes(Math.ceil((length * 3) / 4))
    .toString('base64')
    .slice(0, length);
}
