import { randomBytes } from 'node:crypto';

const start = randomBytes(5).toString('hex');
let count = 0;

/** A name for one request (请求编号), in answers and logs: the process's own part, and a count within it. No secret. */
export function newRequestId(): string {
  count = (count + 1) % 0x1000000;
  return start + count.toString(16).padStart(6, '0');
}
