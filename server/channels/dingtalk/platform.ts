import { openTokens } from '../access-tokens.ts';
import { fetchFile, multipart } from '../files.ts';
import { MediaLost } from '../inbound.ts';
import { asking, baseOf as baseOr, callJson, codeIn, saidIn, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';

type Answer = Record<string, unknown>;

// Calls of the newer kind go to the first, those of the older to the second; both take the same token.
const standardBases = { api: 'https://api.dingtalk.com', oapi: 'https://oapi.dingtalk.com' } as const;
const tokens = openTokens();

/** Where an account's calls of a kind go. */
export const baseOf = (account: OpenAccount, kind: keyof typeof standardBases): string => baseOr(account, standardBases[kind]);

/** The app's credentials as calls take them without a token. */
export const credentials = ({ values }: OpenAccount): { clientId: string; clientSecret: string } => ({ clientId: values['clientId'] ?? '', clientSecret: values['clientSecret'] ?? '' });

const tokenOf = (account: OpenAccount, tools: ChannelTools): Promise<string> => tokens.get(account, tools, async () => {
  const { clientId, clientSecret } = credentials(account);
  const { status, json } = await callJson(asking(tools), 'POST', `${baseOf(account, 'api')}/v1.0/oauth2/accessToken`, { appKey: clientId, appSecret: clientSecret });
  const token = saidIn(json['accessToken']);
  if (status >= 400 || token === '') throw failureOf(json, true);
  return { token, seconds: Number(json['expireIn']) || 7_200 };
});

/** Asks with a token, and once more with a new one where it was taken back. */
async function withToken(account: OpenAccount, tools: ChannelTools, ask: (token: string) => Promise<Answer>, isEnded: (answer: Answer) => boolean): Promise<Answer> {
  const token = await tokenOf(account, tools);
  const answer = await ask(token);
  if (!isEnded(answer)) return answer;
  // Somebody else may have fetched a new one meanwhile, which is not to be lost again.
  if (await tokenOf(account, tools) === token) tokens.forget(account);
  return ask(await tokenOf(account, tools));
}

/**
 * What a refusal of the newer interface means, by the word it gives (新版接口错误码).
 * https://open.dingtalk.com/document/orgapp/error-code, …/orgapp/chatbots-send-one-on-one-chat-messages-in-batches
 */
export function failureOf(answer: Answer, ofToken = false): SendFailure {
  const code = saidIn(answer['code']);
  const said = `DingTalk ${code || 'answered'}: ${saidIn(answer['message']) || JSON.stringify(answer).slice(0, 100)}`;
  // A proxy's page, or somebody else in between.
  if (code === '') return new SendFailure('account', said, null, 'platform');
  if (/throttling|qps|flowcontrol|ratelimit/i.test(code)) return new SendFailure('rate_limited', said, 60);
  if (/system\.?error|serviceunavailable|service\.busy|unknownerror/i.test(code)) return new SendFailure('temporary', said);
  if (ofToken || /authentication|forbidden|accessdenied|accesstoken|robotcode|robot\.|coolapp/i.test(code)) return new SendFailure('account', said);
  if (/staffid|userid|openconversationid|conversation|group/i.test(code)) return new SendFailure('address', said);
  return new SendFailure('content', said);
}

const isTokenEnded = ({ code }: Answer): boolean => /InvalidAuthentication|invalid.*access.?token/i.test(saidIn(code));

/** A call of the newer interface. @throws SendFailure */
export async function callApi(account: OpenAccount, tools: ChannelTools, path: string, body: unknown): Promise<Answer> {
  let refused = false;
  const answer = await withToken(account, tools, async (token) => {
    const { status, json } = await callJson(tools, 'POST', `${baseOf(account, 'api')}${path}`, body, { 'x-acs-dingtalk-access-token': token });
    refused = status >= 400;
    return json;
  }, isTokenEnded);
  if (refused) throw failureOf(answer);
  return answer;
}

// https://open.dingtalk.com/document/orgapp/server-side-error-codes-1
const oldTokenEnded = new Set([40014, 42001, 40001]);
const oldTooOften = new Set([90018, 90002, 90004, 130101, 410100, 143105]);
const oldWrongAddress = new Set([33012, 33013, 60121, 50002, 40003]);
/** The code that says what is wrong: it is wrapped in 88 where the right to ask is missing. */
const oldCode = (answer: Answer): number => (answer['errcode'] === 88 && answer['sub_code'] !== undefined ? codeIn(answer, 'sub_code') : codeIn(answer, 'errcode'));

/** Refuses an answer of the older interface, or of a session's address, that is none. */
export function checkOld(answer: Answer): void {
  const code = oldCode(answer);
  if (code === 0) return;
  const said = `DingTalk ${code}: ${saidIn(answer['sub_msg'] ?? answer['errmsg'])}`;
  if (code === -1) throw new SendFailure('temporary', said, 5);
  if (oldTooOften.has(code)) throw new SendFailure('rate_limited', said, 60);
  throw new SendFailure(oldWrongAddress.has(code) ? 'address' : 'account', said);
}

/** A call of the older interface. @throws SendFailure */
export async function callOldApi(account: OpenAccount, tools: ChannelTools, path: string, body: unknown): Promise<Answer> {
  const answer = await withToken(account, tools, async (token) => (await callJson(tools, 'POST', `${baseOf(account, 'oapi')}${path}?access_token=${encodeURIComponent(token)}`, body)).json, (said) => oldTokenEnded.has(oldCode(said)));
  checkOld(answer);
  return answer;
}

/** Hands a file over for a message; answers its name. https://open.dingtalk.com/document/orgapp/upload-media-files */
export async function upload(account: OpenAccount, tools: ChannelTools, type: string, file: { name: string; mediaType: string; bytes: Buffer }): Promise<string> {
  const { contentType, body } = multipart({ type }, 'media', file);
  const answer = await withToken(account, asking(tools), async (token) => {
    const { body: said } = await fetchFile(asking(tools), { method: 'POST', url: `${baseOf(account, 'oapi')}/media/upload?access_token=${encodeURIComponent(token)}&type=${type}`, headers: { 'content-type': contentType, accept: 'application/json' }, body }).catch((error: unknown) => {
      throw error instanceof MediaLost ? new SendFailure('temporary', error.message) : error;
    });
    return parse(said);
  }, (said) => oldTokenEnded.has(oldCode(said)));
  checkOld(answer);
  return saidIn(answer['media_id']);
}

function parse(said: Buffer): Answer {
  try {
    const value = JSON.parse(said.toString('utf8')) as unknown;
    if (typeof value === 'object' && value !== null) return value as Answer;
  } catch {
    // Said below.
  }
  throw new SendFailure('temporary', `DingTalk answered ${said.subarray(0, 100).toString('utf8')}`);
}

/** Fetches a file of a message by the code it came with. https://open.dingtalk.com/document/orgapp/download-the-file-content-of-the-robot-receiving-message */
export async function download(account: OpenAccount, tools: ChannelTools, robotCode: string, downloadCode: string): Promise<{ body: Buffer; contentType: string | null; name: string | null }> {
  const answer = await callApi(account, asking(tools), '/v1.0/robot/messageFiles/download', { downloadCode, robotCode }).catch((error: unknown) => {
    // A code that it does not know any more.
    throw error instanceof SendFailure && (error.code === 'content' || error.code === 'address') ? new MediaLost(error.message) : error;
  });
  const url = saidIn(answer['downloadUrl']);
  if (url === '') throw new MediaLost('DingTalk gave no address for it');
  return fetchFile(tools, { method: 'GET', url, headers: {}, body: null });
}
