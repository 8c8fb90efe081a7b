import { openTokens } from '../access-tokens.ts';
import { fetchFile, multipart } from '../files.ts';
import { MediaLost } from '../inbound.ts';
import { asking, baseOf, callJson, codeIn, saidIn, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';

type Answer = Record<string, unknown>;

const tokens = openTokens();
const standardBase = 'https://open.feishu.cn';

// https://open.feishu.cn/document/server-docs/getting-started/server-error-codes, …/im-v1/message/create, …/im-v1/message/reply
const tokenEnded = new Set([99991661, 99991663, 99991664, 99991668]);
const problems: Readonly<Record<number, SendFailure['code']>> = {
  230002: 'address', 230013: 'address', 230029: 'address', 230034: 'address', 230053: 'consent', 232009: 'address', 99992351: 'address', 99992352: 'address', 99992361: 'address',
  99991400: 'rate_limited', 11232: 'rate_limited', 11233: 'rate_limited', 230020: 'rate_limited', 11247: 'rate_limited',
  10003: 'account', 10014: 'account', 230006: 'account', 230027: 'account', 232034: 'account', 40004: 'account', 41050: 'account', 99991672: 'account', 99991679: 'account', 234007: 'account',
  1500: 'temporary', 1551: 'temporary', 55001: 'temporary', 230049: 'temporary', 234041: 'temporary', 99991406: 'temporary',
};
/** The message that is to be answered was taken back or is gone (230011, 230110, 231003): it can still be written to who wrote it. */
const messageGone = new Set([230011, 230110, 231003]);
const filesGone = new Set([234001, 234002, 234003, 234004, 230110, 230001, 1069302]);

/** An answer of Feishu that is none, with its code. */
export class FeishuFailure extends SendFailure {
  readonly answered: number;
  constructor(code: SendFailure['code'], message: string, answered: number) {
    super(code, message, code === 'rate_limited' ? 60 : null);
    this.answered = answered;
  }
  get isGone(): boolean {
    return messageGone.has(this.answered);
  }
}

function check(answer: Answer, ofToken = false): void {
  const code = codeIn(answer, 'code');
  if (code === 0) return;
  throw new FeishuFailure(problems[code] ?? (ofToken || tokenEnded.has(code) ? 'account' : 'content'), `Feishu ${code}: ${saidIn(answer['msg'])}`, code);
}

const tokenOf = (account: OpenAccount, tools: ChannelTools): Promise<string> => tokens.get(account, tools, async () => {
  const { json } = await callJson(asking(tools), 'POST', `${baseOf(account, standardBase)}/open-apis/auth/v3/tenant_access_token/internal`, { app_id: account.values['appId'], app_secret: account.values['appSecret'] });
  check(json, true);
  const token = saidIn(json['tenant_access_token']);
  if (token === '') throw new SendFailure('temporary', 'Feishu gave no token');
  return { token, seconds: Number(json['expire']) || 7_200 };
});

/** Asks with a token, and once more with a new one where it was taken back. */
async function withToken(account: OpenAccount, tools: ChannelTools, ask: (headers: Record<string, string>) => Promise<Answer>): Promise<Answer> {
  for (let time = 0; ; time += 1) {
    const token = await tokenOf(account, tools);
    const answer = await ask({ authorization: `Bearer ${token}` });
    if (time === 0 && tokenEnded.has(Number(answer['code']))) {
      // Somebody else may have fetched a new one meanwhile, which is not to be lost again.
      if (await tokenOf(account, tools) === token) tokens.forget(account);
      continue;
    }
    check(answer);
    return typeof answer['data'] === 'object' && answer['data'] !== null ? answer['data'] as Answer : {};
  }
}

/** Calls Feishu's interface; answers its data. @throws SendFailure; an error within a 200 is one */
export const call = (account: OpenAccount, tools: ChannelTools, method: 'GET' | 'POST', path: string, body: unknown): Promise<Answer> =>
  withToken(account, tools, async (headers) => (await callJson(tools, method, `${baseOf(account, standardBase)}/open-apis${path}`, body, headers)).json);

/** Hands a file over for a message; answers its key. https://open.feishu.cn/document/server-docs/im-v1/image/create, …/file/create */
export async function upload(account: OpenAccount, tools: ChannelTools, kind: 'image' | 'file', fields: Readonly<Record<string, string>>, file: { name: string; mediaType: string; bytes: Buffer }): Promise<string> {
  const { contentType, body } = multipart(fields, kind, file);
  const data = await withToken(account, asking(tools), async (headers) => {
    const { body: said } = await fetchFile(asking(tools), { method: 'POST', url: `${baseOf(account, standardBase)}/open-apis/im/v1/${kind}s`, headers: { ...headers, 'content-type': contentType, accept: 'application/json' }, body }, true).catch((error: unknown) => {
      throw error instanceof MediaLost ? new SendFailure('temporary', error.message) : error;
    });
    return parse(said);
  });
  return saidIn(data[`${kind}_key`]);
}

/** Fetches a file of a message. https://open.feishu.cn/document/server-docs/im-v1/message/get-2 @throws SendFailure, MediaLost */
export async function download(account: OpenAccount, tools: ChannelTools, messageId: string, key: string, type: 'image' | 'file'): Promise<{ body: Buffer; contentType: string | null; name: string | null }> {
  let found: Awaited<ReturnType<typeof fetchFile>> | undefined;
  await withToken(account, asking(tools), async (headers) => {
    found = await fetchFile(tools, { method: 'GET', url: `${baseOf(account, standardBase)}/open-apis/im/v1/messages/${encodeURIComponent(messageId)}/resources/${encodeURIComponent(key)}?type=${type}`, headers, body: null }, true);
    // An error comes as JSON where a file should; a file that is JSON says that it is one.
    return found.status >= 400 || (/json/i.test(found.contentType ?? '') && found.name === null) ? parse(found.body) : { code: 0 };
  }).catch((error: unknown) => {
    throw error instanceof FeishuFailure && filesGone.has(error.answered) ? new MediaLost(error.message) : error;
  });
  return found!;
}

function parse(said: Buffer): Answer {
  try {
    const value = JSON.parse(said.toString('utf8')) as unknown;
    if (typeof value === 'object' && value !== null) return value as Answer;
  } catch {
    // Said below.
  }
  throw new SendFailure('temporary', `Feishu answered ${said.subarray(0, 100).toString('utf8')}`);
}
