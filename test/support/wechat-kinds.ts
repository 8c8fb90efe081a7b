import type { KitCall, KitChannel, KitKind, KitMessage } from './channel-kit.ts';
import { messageXml, sealedCallback, type CallbackAccount, type FakeWechat } from './fake-wechat.ts';

/** What a callback of WeChat or WeCom is, beside the contract's own (微信系回调). */
export interface WechatKind extends KitKind<FakeWechat> {
  /** appid or corpid */
  id: string;
  by: 'wechat-crypto' | '@wecom/crypto';
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
/** The text of what went out. */
export const textOf = (sent: Readonly<Record<string, unknown>> | undefined): string => (sent?.['text'] as { content?: string } | undefined)?.content ?? '';
export const callbackAccount = (channel: KitChannel, form: WechatKind): CallbackAccount => ({ token: channel.made['token']!, encodingAesKey: channel.made['encodingAesKey']!, id: form.id });
export const xmlCall = ({ query, body }: { query: string; body: string }): KitCall => ({ query, body, headers: { 'content-type': 'text/xml' } });

const xml = ({ from, id, at, text, image, place }: KitMessage): string => messageXml({
  ToUserName: 'gh_1', FromUserName: from, CreateTime: seconds(at), MsgId: `${from}-${id}`,
  ...(text === undefined ? {} : { MsgType: 'text', Content: text }), ...(image === undefined ? {} : { MsgType: 'image', MediaId: image, PicUrl: 'http://p' }),
  ...(place === undefined ? {} : { MsgType: 'location', Location_X: String(place.lat), Location_Y: String(place.lng), Label: place.label }),
});

/** @param write what the platform encrypts of a message, having kept what it is asked for later */
function wechatKind(form: Pick<WechatKind, 'kind' | 'id' | 'by' | 'settings' | 'window' | 'deduplicates' | 'template'>, write: (platform: FakeWechat, message: KitMessage) => string): WechatKind {
  const kind: WechatKind = {
    ...form, pictures: true, places: 'GCJ02',
    call: (channel, platform, message, at) => xmlCall(sealedCallback(callbackAccount(channel, kind), write(platform, message), { at, by: form.by })),
    forgeries(channel, platform, message, now) {
      const account = callbackAccount(channel, kind);
      const sealed = (of: CallbackAccount, at: Date) => sealedCallback(of, write(platform, message), { at, by: form.by });
      const good = sealed(account, now);
      const refused: readonly (readonly [{ query: string; body: string }, number])[] = [
        [sealed({ ...account, token: 'somebodyelse' }, now), 401], [{ ...good, body: good.body.replace(/.{4}\]\]><\/Encrypt>/, 'AAAA]]></Encrypt>') }, 401], [sealed({ ...account, id: `${form.id.slice(0, -1)}z` }, now), 401],
        [sealed(account, new Date(now.getTime() - 700_000)), 401], [{ ...good, query: '' }, 401], [{ ...good, body: '<xml>' }, 400], [{ ...good, body: '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>' }, 400],
      ];
      return refused.map(([call, status]) => [xmlCall(call), status] as const);
    },
  };
  return kind;
}

const twoDays = { messages: 5, hours: 48 };
const app = { id: 'wx5823bf96d3bd56c7', by: 'wechat-crypto', settings: { appId: 'wx5823bf96d3bd56c7', appSecret: 'secret' }, window: twoDays, deduplicates: false } as const;
const corporation = 'ww0000000000000001';
/** A WeChat official account (微信公众号). */
export const officialAccount = wechatKind({ ...app, kind: 'wechat_official_account', template: { templateId: 'template_0001' } }, (_platform, message) => xml(message));
export const miniProgram = wechatKind({ ...app, kind: 'wechat_mini_program' }, (_platform, message) => xml(message));
export const wecom = wechatKind({ kind: 'wecom', id: corporation, by: '@wecom/crypto', settings: { corpId: corporation, agentId: '1000002', secret: 'secret' }, window: null, deduplicates: true }, (_platform, message) => xml(message));
const desk = 'wk0001';
let pages = 0;
/** WeChat customer service (微信客服), whose calls only say that there is something to ask for. */
export const wechatKf = wechatKind({ kind: 'wechat_kf', id: corporation, by: '@wecom/crypto', settings: { corpId: corporation, secret: 'secret' }, window: twoDays, deduplicates: true }, (platform, { from, id, at, text, image, place }) => {
  platform.pages.push([{
    msgid: `${from}-${id}`, open_kfid: desk, external_userid: from, send_time: seconds(at), origin: 3,
    ...(text === undefined ? {} : { msgtype: 'text', text: { content: text } }), ...(image === undefined ? {} : { msgtype: 'image', image: { media_id: image } }),
    ...(place === undefined ? {} : { msgtype: 'location', location: { latitude: place.lat, longitude: place.lng, name: '', address: place.label } }),
  }]);
  pages += 1;
  return messageXml({ ToUserName: corporation, CreateTime: seconds(at), MsgType: 'event', Event: 'kf_msg_or_event', Token: `hint-${pages}`, OpenKfId: desk });
});
