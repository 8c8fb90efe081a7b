import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeRefusal, refusals, type Language, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';
import { describeValidationError } from '../../../contract/validation.ts';
import { Refusal, type InputError } from '../errors/refusal.ts';
import { maximumFileBytes, sizeInWords } from '../files/inspect.ts';
import { isAway, unavailable } from './unavailable.ts';

/** The reader's language by Accept-Language; Chinese unless English is preferred (语言协商). */
export function languageOf(header: string | undefined): Language {
  if (!header) return 'zh-CN';
  let best: Language = 'zh-CN';
  let bestQuality = 0;
  for (const part of header.slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = Number(parameters.find((parameter) => parameter.trim().startsWith('q='))?.trim().slice(2) ?? 1);
    const language: Language | null = tag.startsWith('zh') ? 'zh-CN' : tag.startsWith('en') ? 'en' : null;
    if (language && quality > bestQuality) {
      best = language;
      bestQuality = quality;
    }
  }
  return best;
}

/** Answers a refusal as RFC 9457 problem details. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const language = languageOf(request.headers['accept-language']);
  const { seconds, minutes } = refusal.parameters;
  const retryAfter = typeof seconds === 'number' ? seconds : typeof minutes === 'number' ? minutes * 60 : undefined;
  if (retryAfter !== undefined && (refusal.status === 429 || refusal.status === 503)) reply.header('retry-after', retryAfter);
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
  // What Fastify refuses by itself does not pass through the hook that sets it.
  reply.header('x-request-id', request.id);
  return reply.status(refusal.status).type('application/problem+json').send(JSON.stringify(problemOf(refusal, language, request.id)));
}

/** The members of a refusal's problem details. */
export function problemOf(refusal: Refusal, language: Language, requestId: string): Record<string, unknown> {
  return {
    type: `/api/docs/refusals#${refusal.code}`,
    title: describeRefusal(refusal.code, refusal.parameters, language),
    status: refusal.status,
    code: refusal.code,
    ...(refusal.errors ? { errors: refusal.errors.map((error) => ({ path: error.path, code: error.code, message: sentence(error, refusal, language) })) } : {}),
    ...refusal.details,
    requestId,
  };
}

export function sentence(error: InputError, refusal: Refusal, language: Language): string {
  if (typeof error.message === 'string') return error.message;
  if (error.message) return language === 'en' ? error.message.en : error.message.zh;
  if (error.code in refusals) return describeRefusal(error.code as RefusalCode, refusal.parameters, language);
  const cut = error.path.lastIndexOf('/');
  return describeValidationError({ keyword: error.code, instancePath: error.path.slice(0, cut), params: { missingProperty: error.path.slice(cut + 1) } }, language).message;
}

/** Turns what Fastify, a plugin or a database that is away threw into a refusal; null when it is a bug. */
export function asRefusal(error: unknown, request: FastifyRequest): Refusal | null {
  if (error instanceof Refusal) return error;
  if (isAway(error)) return unavailable();
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': return new Refusal('body_too_large', { limit: sizeInWords(request.routeOptions.bodyLimit) });
    case 'FST_REQ_FILE_TOO_LARGE': return new Refusal('file_too_large', { limit: sizeInWords(maximumFileBytes) });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return new Refusal('unsupported_media_type', { mediaType: sentMediaType(request) });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY': case 'FST_ERR_CTP_INVALID_JSON_BODY': case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Refusal('malformed_json');
    case 'FST_FILES_LIMIT': case 'FST_PARTS_LIMIT': case 'FST_FIELDS_LIMIT': case 'FST_PROTO_VIOLATION':
      return new Refusal('invalid_input');
    default:
  }
  if (error instanceof SyntaxError && statusCode === 400) return new Refusal('malformed_json');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new Refusal('invalid_input');
  return null;
}

/** What a request said its body is, without parameters; in words when it said nothing. */
function sentMediaType(request: FastifyRequest): RefusalParameter {
  const named = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase().slice(0, 100);
  return named === '' ? { zh: '未注明', en: 'none was named' } : named;
}
