import { openTokens } from '../access-tokens.ts';
import { extensionOf, fetchFile, multipart, type FetchedFile } from '../files.ts';
import { MediaLost, type FetchedMedia } from '../inbound.ts';
import { asking, baseOf, callJson, codeIn, saidIn, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';

/** What the two platforms differ in. */
export interface PlatformForm {
  name: string;
  standardBase: string;
  fetchToken(base: string, account: OpenAccount, tools: ChannelTools): Promise<Record<string, unknown>>;
  /** What a code of theirs means; undefined of the rest. */
  problemOf(code: number): SendFailure['code'] | undefined;
}

/** The interface of a platform, behind a token that ends (平台接口). */
export interface Platform {
  /** Calls it with a JSON body. @throws SendFailure; an error within a 200 is one */
  call(account: OpenAccount, tools: ChannelTools, path: string, body: unknown): Promise<Record<string, unknown>>;
  /** Hands a file over for a message; answers its name. */
  upload(account: OpenAccount, tools: ChannelTools, type: string, file: { name: string; mediaType: string; bytes: Buffer }): Promise<string>;
  /** Fetches a file of a message. @throws SendFailure, MediaLost */
  download(account: OpenAccount, tools: ChannelTools, mediaId: string, type: string): Promise<FetchedMedia>;
}

// The token was taken back or has ended before its time.
const tokenEnded = new Set([40001, 40014, 42001]);
const mediaGone = new Set([40007, 40004, 41006, 46001, 40009]);
const longestPage = 8_388_608;

export function openPlatform(form: PlatformForm): Platform {
  const tokens = openTokens();
  const fail = (answer: Record<string, unknown>): SendFailure => {
    const code = codeIn(answer, 'errcode');
    const said = `${form.name} ${code}: ${saidIn(answer['errmsg'])}`;
    if (tokenEnded.has(code)) return new SendFailure('account', said);
    if (code === -1) return new SendFailure('temporary', said);
    const problem = form.problemOf(code) ?? 'content';
    return new SendFailure(problem, said, problem === 'rate_limited' ? 60 : null);
  };
  const tokenOf = (account: OpenAccount, tools: ChannelTools) => tokens.get(account, tools, async () => {
    const json = await form.fetchToken(baseOf(account, form.standardBase), account, asking(tools));
    if (typeof json['access_token'] !== 'string' || json['access_token'] === '') {
      const code = codeIn(json, 'errcode');
      throw new SendFailure(code === -1 ? 'temporary' : code === 45009 || code === 45011 ? 'rate_limited' : 'account', `${form.name} ${code}: ${saidIn(json['errmsg'])}`);
    }
    return { token: json['access_token'], seconds: Number(json['expires_in']) || 7_200 };
  });
  const withToken = async (account: OpenAccount, tools: ChannelTools, ask: (base: string, token: string) => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> => {
    for (let time = 0; ; time += 1) {
      const token = await tokenOf(account, tools);
      const answer = await ask(baseOf(account, form.standardBase), encodeURIComponent(token));
      const code = answer['errcode'];
      if (code === undefined || code === 0) return answer;
      if (time > 0 || !tokenEnded.has(Number(code))) throw fail(answer);
      // Somebody else may have fetched a new one meanwhile, which is not to be lost again.
      if (await tokenOf(account, tools) === token) tokens.forget(account);
    }
  };
  const at = (base: string, path: string, token: string) => `${base}${path}${path.includes('?') ? '&' : '?'}access_token=${token}`;
  return {
    async call(account, tools, path, body) {
      const roomy: ChannelTools = { ...tools, call: (request, options) => tools.call(request, { bytes: longestPage, ...options }) };
      const answer = await withToken(account, tools, async (base, token) => {
        const { status, json } = await callJson(roomy, body === null ? 'GET' : 'POST', at(base, path, token), body);
        if (status >= 400) throw new SendFailure('account', `${form.name} answered ${status} ${JSON.stringify(json).slice(0, 100)}`);
        return json;
      });
      // Somebody in between may answer in its place: what was taken says so.
      if (body !== null) codeIn(answer, 'errcode');
      return answer;
    },
    async upload(account, tools, type, file) {
      const { contentType, body } = multipart({}, 'media', file);
      const answer = await withToken(account, asking(tools), async (base, token) => {
        const { body: said } = await fetchFile(asking(tools), { method: 'POST', url: at(base, `/cgi-bin/media/upload?type=${type}`, token), headers: { 'content-type': contentType, accept: 'application/json' }, body });
        return parse(said.toString('utf8'));
      });
      const id = saidIn(answer['media_id']);
      if (id === '') throw new SendFailure('temporary', `${form.name} gave the file no name`);
      return id;
    },
    async download(account, tools, mediaId, type) {
      let found: FetchedFile | undefined;
      const answer = await withToken(account, tools, async (base, token) => {
        found = await fetchFile(tools, { method: 'GET', url: at(base, `/cgi-bin/media/get?media_id=${encodeURIComponent(mediaId)}`, token), headers: {}, body: null });
        // An error comes as JSON where a file should.
        return found.body.length < 4_096 && /json|text\/plain/i.test(found.contentType ?? '') ? parse(found.body.toString('utf8')) : {};
      }).catch((error: unknown) => {
        if (error instanceof SendFailure && mediaGone.has(Number(/ (-?\d+):/.exec(error.message)?.[1]))) throw new MediaLost(error.message);
        throw error;
      });
      // Of videos an official account gets the address.
      if (typeof answer['video_url'] === 'string') found = await fetchFile(tools, { method: 'GET', url: answer['video_url'], headers: {}, body: null });
      return { bytes: found!.body, contentType: found!.contentType, name: found!.name ?? `${type}${extensionOf(found!.contentType)}` };
    },
  };

  function parse(text: string): Record<string, unknown> {
    try {
      const value = JSON.parse(text) as unknown;
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // Said below.
    }
    throw new SendFailure('temporary', `${form.name} answered ${text.slice(0, 100)}`);
  }
}
