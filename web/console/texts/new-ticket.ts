import { phrases } from './phrases.ts';

export const newTicketPhrases = phrases({
  'newTicket.type': ['工单类型', 'Type'],
  'newTicket.channel': ['来源', 'Came by'],
  'newTicket.requesterName': ['报修人', 'Requester'],
  'newTicket.knownCustomer': ['已关联客户档案', 'A known customer'],
  'newTicket.subjectExample': ['一句话说清楚，例如：3 幢 2 单元电梯停在 7 楼', 'In one sentence: Lift stuck at floor 7, building 3'],
  'newTicket.subjectMissing': ['请写一句主题', 'Say in one sentence what it is about'],
  'newTicket.descriptionHint': ['发生了什么、从什么时候开始、影响到谁…可直接粘贴或拖入图片', 'What happened, since when, who is affected… Paste or drop pictures here'],
  'newTicket.automatic': ['自动', 'Automatic'],
  'newTicket.priorityHint': ['按描述、客户和设备自动判断', 'Reckoned from the words, the customer and the asset'],
  'newTicket.addressExample': ['小区、楼幢、房号', 'Community, building, room'],
  'newTicket.assetHint': ['按名称或编号搜索', 'Search by name or code'],
  'newTicket.create': ['创建工单', 'Create ticket'],
  'newTicket.clear': ['清空', 'Clear'],
  'newTicket.created': ['工单 {{number}} 已创建', 'Ticket {{number}} created'],
  'newTicket.open': ['打开', 'Open'],
});
