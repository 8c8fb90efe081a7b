import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../errors/refusal.ts';
import { languageOf, problemOf } from './problem.ts';
import { newRequestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';

/** What Node's HTTP parser gives up a connection for, with what it had read by then. */
type ParserError = Error & { code?: string; rawPacket?: unknown };

/**
 * Answers what is no HTTP request, so that no route ever sees it (残缺请求), with the same problem details and headers as
 * any other refusal, and lets the connection go.
 *
 * @param secure whether people reach the program by https only
 */
export function answerBrokenRequest(secure: boolean): (error: ParserError, socket: Socket) => void {
  const fixed = securityHeaders(secure);
  return (error, socket) => {
    // An answer that is on its way must not get another one into its middle.
    const answering = (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage;
    if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) return void socket.destroy(error);
    const refusal = refusalOf(error);
    const requestId = newRequestId();
    const read = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1', 0, 16_384) : '';
    const language = languageOf(/^accept-language:[ \t]*([^\r\n]{1,200})/im.exec(read)?.[1]);
    const body = Buffer.from(JSON.stringify(problemOf(refusal, language, requestId)));
    const headers = { ...fixed, 'x-request-id': requestId, 'cache-control': 'no-store', 'content-type': 'application/problem+json; charset=utf-8', 'content-length': body.length, connection: 'close' };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${head}\r\n`), body]));
    // Whoever goes on sending has been answered.
    socket.once('finish', () => socket.destroy());
  };
}

function refusalOf({ code }: ParserError): Refusal {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': return new Refusal('headers_too_large', { limit: '16 KB' });
    case 'ERR_HTTP_REQUEST_TIMEOUT': return new Refusal('request_timed_out');
    default: return new Refusal('malformed_request');
  }
}

/**
 * Gives up whoever does not finish the body of a request in time (请求超时): a body that trickles in holds a connection
 * and memory. Multipart forms and pieces of uploads may be large and have a timer of their own, which counts silence.
 */
export function limitBodyTime(app: FastifyInstance, milliseconds: number): void {
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { headers } = request;
    if ((headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) && !/^(?:multipart\/|application\/offset\+octet-stream)/i.test(headers['content-type'] ?? '')) {
      // As if it had come from the connection: whoever reads the body lets go of it and answers.
      const deadline = setTimeout(() => payload.listenerCount('error') > 0 && payload.emit('error', new Refusal('request_timed_out')), milliseconds);
      deadline.unref();
      const end = () => clearTimeout(deadline);
      payload.once('end', end).once('close', end);
    }
    done();
  });
}
