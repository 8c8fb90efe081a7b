import type { OutgoingPiece, OutgoingReply } from '../outbound.ts';

/**
 * What can be answered with one touch, as a menu message (msgmenu, 菜单消息): its words become the head, and a touch comes back as the words of the choice.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html, https://developer.work.weixin.qq.com/document/path/94677
 */
export function withMenu([first, ...rest]: readonly OutgoingPiece[], { choices }: OutgoingReply, item: (choice: { id: string; label: string }) => object): OutgoingPiece[] {
  if (!first) return [];
  if (!choices) return [first, ...rest];
  const head = (first.content['text'] as { content?: string } | undefined)?.content ?? '';
  return [{ content: { msgtype: 'msgmenu', msgmenu: { head_content: head, list: choices.map(item) } }, files: [] }, ...rest];
}
