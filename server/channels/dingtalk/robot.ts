import { extensionOf } from '../files.ts';
import { CallRefused, type HookCall, type InboundAdapter, type OpenInboundAccount } from '../inbound.ts';
import { callJson, saidIn, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import type { Contact, Handed, OutboundChannel, OutgoingFile } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { acknowledgeCall, openCall, verifyCall } from './callbacks.ts';
import { baseOf, callApi, callOldApi, checkOld, download, upload } from './platform.ts';
import { messageIn, readMessage } from './read-message.ts';

/**
 * An own app of DingTalk with a robot (钉钉企业内部应用机器人): what people write to it, alone or by @ in a group; by calls, or by the stream, whose frames
 * are read as calls are.
 */
export const dingtalkRobot: InboundAdapter = {
  verify(account, call, now) {
    if (account.mode === 'stream') throw new CallRefused('method', 'messages of this account come by the stream');
    return verifyCall(account, call, now);
  },
  decode: (account, call, now) => [readMessage(account, openCall(account, call), now)],
  acknowledge: (_messages, account, call) => acknowledgeCall(account, call),
  async fetchMedia(account, call, media, tools) {
    const { body, contentType, name } = await download(account, tools, robotCodeOf(account, robotIn(account, call)), media.media);
    return { bytes: body, contentType, name: media.name ?? name ?? `${media.kind}${extensionOf(contentType)}` };
  },
  async describe(account, sender, tools) {
    const userid = sender.ids.find(({ kind }) => kind === 'userid')?.value;
    // Of people of other organizations nothing is told.
    if (userid === undefined) return sender;
    const answer = await callOldApi(account, tools, '/topapi/v2/user/get', { userid });
    const found = typeof answer['result'] === 'object' && answer['result'] !== null ? answer['result'] as Record<string, unknown> : {};
    const [name, unionid] = [saidIn(found['name']), saidIn(found['unionid'])];
    return { ids: [...sender.ids, ...(unionid === '' ? [] : [{ kind: 'dingtalk_unionid', value: unionid, verified: true as const }])], ...(name === '' ? (sender.name === undefined ? {} : { name: sender.name }) : { name }) };
  },
};

/** The robot that a message named; empty where its call is not kept any more. */
function robotIn(account: OpenInboundAccount, call: HookCall): string {
  try {
    return saidIn(messageIn(openCall(account, call))['robotCode']);
  } catch (error) {
    if (error instanceof CallRefused) return '';
    throw error;
  }
}

/** Of an app's own robot it is the app's key. */
const robotCodeOf = ({ values }: OpenAccount, heard: string): string => values['robotCode'] || heard || (values['clientId'] ?? '');

const megabyte = 1_048_576;
// https://open.dingtalk.com/document/orgapp/robot-message-type
const fileTypes = new Set(['pdf', 'doc', 'docx', 'xlsx', 'zip', 'rar']);
const endingOf = ({ name }: Pick<OutgoingFile, 'name'>): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
const isSent = (file: OutgoingFile): boolean => /^image\/(jpeg|png|gif)$/.test(file.mediaType) || fileTypes.has(endingOf(file));
// Who sends in the last moment of a session is refused.
const sessionMarginMilliseconds = 30_000;

/**
 * Answers of the robot: by the address of the session while that lives, else as messages of the robot to the person or into the group. DingTalk drops no repetitions.
 * https://open.dingtalk.com/document/orgapp/chatbots-send-one-on-one-chat-messages-in-batches, …/orgapp/the-robot-sends-a-group-message
 */
export const dingtalkReplies: OutboundChannel = {
  capabilities(account, contact, now) {
    const reachable = isReachable(contact);
    const session = sessionOf(account, contact, now);
    return {
      parts: reachable ? ['text', 'image', 'file'] : ['text'], textBytes: 5_000, fileBytes: { image: 20 * megabyte, file: 20 * megabyte },
      open: reachable || session !== null, closesAt: reachable ? null : new Date(contact.replyContext['sessionUntil'] ?? 0), quota: null, template: false, perMinute: 20, deduplicates: false,
    };
  },
  // What it takes as a file it tells by the ending of its name.
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities, isSent),
  async send(account, contact, piece, _key, tools) {
    if (piece.content['msgtype'] === 'text') return sendText(account, contact, saidIn((piece.content['text'] as { content?: unknown } | undefined)?.content), tools);
    const [file] = piece.files;
    if (!file) throw new SendFailure('content', 'the file is missing');
    const image = piece.content['msgtype'] === 'image';
    const mediaId = await upload(account, tools, image ? 'image' : 'file', { ...file, bytes: await tools.readFile(file) });
    return image ? byRobot(account, contact, 'sampleImageMsg', { photoURL: mediaId }, tools) : byRobot(account, contact, 'sampleFile', { mediaId, fileName: file.name, fileType: endingOf(file) }, tools);
  },
};

/** Whether the robot may write by itself: into a group, or to somebody of the organization; a stranger only by the session. */
const isReachable = ({ replyContext }: Contact): boolean => replyContext['conversation'] === 'group' || (replyContext['staffId'] ?? '') !== '';

async function sendText(account: OpenAccount, contact: Contact, content: string, tools: ChannelTools): Promise<Handed> {
  const { replyContext } = contact;
  const session = sessionOf(account, contact, tools.now());
  if (session !== null) {
    const at = replyContext['conversation'] === 'group' && replyContext['staffId'] ? { at: { atUserIds: [replyContext['staffId']], isAtAll: false } } : {};
    const { json } = await callJson(tools, 'POST', session, { msgtype: 'text', text: { content }, ...at });
    try {
      checkOld(json);
      return { providerId: null };
    } catch (error) {
      // The session is over before its time: there is another way for those it knows.
      if (!(error instanceof SendFailure) || error.code === 'temporary' || error.code === 'rate_limited' || !isReachable(contact)) throw error;
    }
  }
  if (!isReachable(contact)) throw new SendFailure('window_closed', 'the session is over, and of another organization’s people the robot reaches nobody');
  return byRobot(account, contact, 'sampleText', { content }, tools);
}

/** The session's address, while it lives. Whoever writes says it: only the platform's own is called. */
function sessionOf(account: OpenAccount, { replyContext }: Contact, now: Date): string | null {
  const { sessionWebhook = '', sessionUntil = '' } = replyContext;
  const ends = Date.parse(sessionUntil);
  return sessionWebhook.startsWith(`${baseOf(account, 'oapi')}/`) && ends - sessionMarginMilliseconds > now.getTime() ? sessionWebhook : null;
}

async function byRobot(account: OpenAccount, { replyContext, ids }: Contact, msgKey: string, param: Readonly<Record<string, string>>, tools: ChannelTools): Promise<Handed> {
  const base = { robotCode: robotCodeOf(account, replyContext['robotCode'] ?? ''), msgKey, msgParam: JSON.stringify(param) };
  if (replyContext['conversation'] === 'group') {
    const answer = await callApi(account, tools, '/v1.0/robot/groupMessages/send', { ...base, openConversationId: replyContext['conversationId'] ?? '' });
    return { providerId: saidIn(answer['processQueryKey']) || null };
  }
  const staff = replyContext['staffId'] || (ids['userid'] ?? '');
  const answer = await callApi(account, tools, '/v1.0/robot/oToMessages/batchSend', { ...base, userIds: [staff] });
  const listed = (name: string): boolean => Array.isArray(answer[name]) && (answer[name] as unknown[]).includes(staff);
  if (listed('invalidStaffIdList')) throw new SendFailure('address', `DingTalk does not reach ${staff}`);
  if (listed('flowControlledStaffIdList')) throw new SendFailure('rate_limited', `DingTalk takes no more for ${staff} at present`, 60);
  return { providerId: saidIn(answer['processQueryKey']) || null };
}
