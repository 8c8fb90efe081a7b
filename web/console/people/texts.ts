import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

const peoplePhrases = phrases({
  'people.absent': ['请假中', 'Away'],
  'people.absentUntil': ['请假至 {{time}}', 'Away until {{time}}'],
  'people.cover': ['由 {{name}} 代理', 'covered by {{name}}'],
  'people.noCover': ['没有代理人', 'nobody covers'],
  'people.import': ['导入', 'Import'],
  'people.actions': ['更多操作', 'More actions'],
  'people.planAbsence': ['登记请假', 'Plan an absence'],
  'people.from': ['开始到结束', 'From and until'],
  'people.coverOf': ['代理人', 'Cover'],
  'people.coverHint': ['请假期间可以代为处理其工单，也会收到通知', 'Acts on their tickets meanwhile and is told of them'],
  'people.note': ['说明', 'Note'],
  'people.planned': ['已登记请假', 'The absence was planned'],
  'reset.title': ['重设 {{name}} 的密码', 'Reset the password of {{name}}'],
  'reset.do': ['重设密码', 'Reset password'],
  'reset.hint': ['会退出其所有登录，记入审计日志。请把新密码当面或通过可信的渠道告诉本人，并请其登录后在“账号与安全”里改掉。', 'It ends all their sessions and is recorded. Tell them the new password in person or by a channel you trust, and ask them to change it under “Account and security”.'],
  'reset.password': ['新密码', 'New password'],
  'reset.generate': ['换一个', 'Another one'],
  'reset.done': ['{{name}} 的密码已重设', 'The password of {{name}} was reset'],
  'reset.once': ['这个密码只显示这一次', 'It is shown this once only'],
  'invite.title': ['{{name}} 可以登录了', '{{name}} can sign in'],
  'invite.hint': ['把下面的内容发给本人。密码只显示这一次。', 'Send this to them. The password is shown this once only.'],
  'invite.text': ['{{name}}，您好！{{organization}} 已为您开通工单系统。\n地址：{{address}}\n账号：{{account}}\n初始密码：{{password}}\n登录后请在“账号与安全”里修改密码。', 'Hello {{name}}, {{organization}} has opened an account for you.\nAddress: {{address}}\nAccount: {{account}}\nFirst password: {{password}}\nPlease change it under “Account and security” after signing in.'],
  'invite.copy': ['复制邀请', 'Copy the invitation'],
  'invite.generate': ['自动生成', 'Generate'],
});

/** The texts of the people directory (员工文案). */
export const { useTexts: usePeopleTexts } = ownTexts(peoplePhrases);
