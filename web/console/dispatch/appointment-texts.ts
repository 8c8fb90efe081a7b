import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

const appointmentPhrases = phrases({
  'appointment.title': ['上门预约', 'Appointment'],
  'appointment.none': ['还没有约定上门时间', 'No time was agreed yet'],
  'appointment.byCustomer': ['客户自选', 'chosen by the customer'],
  'appointment.byStaff': ['{{name}} 约定', 'agreed by {{name}}'],
  'appointment.choose': ['选择时段', 'Choose a window'],
  'appointment.change': ['改约', 'Change'],
  'appointment.withdraw': ['取消预约', 'Take it back'],
  'appointment.withdrawAsk': ['取消已约定的上门时段？已安排的上门时间不变。', 'Take the promised window back? A visit that is arranged keeps its time.'],
  'appointment.free': ['可约时段（按现有人手与已有安排计算）', 'Windows that can be served with the people and visits there are'],
  'appointment.nothing': ['近几天没有可约的时段', 'Nothing can be promised in the next days'],
  'appointment.saved': ['已约定', 'Promised'],
  'setting.title': ['上门预约', 'Appointments'],
  'setting.hint': ['可约的时段由人手、技能、路程和已有安排实时计算；这里定义时段划分，以及客户能否在进度页自己选。', 'What can be promised is reckoned from people, skills, travel and what is arranged; here is how the day is cut, and whether customers choose by themselves.'],
  'setting.offered': ['客户可在进度页自己选择', 'Customers choose on their progress page'],
  'setting.days': ['最多提前几天', 'Days ahead'],
  'setting.daysUnit': ['天', 'days'],
  'setting.lead': ['最晚提前', 'At the latest before'],
  'setting.leadUnit': ['小时', 'hours'],
  'setting.windows': ['时段', 'Windows'],
  'setting.everyDay': ['每天', 'Every day'],
  'setting.day1': ['周一', 'Monday'],
  'setting.day2': ['周二', 'Tuesday'],
  'setting.day3': ['周三', 'Wednesday'],
  'setting.day4': ['周四', 'Thursday'],
  'setting.day5': ['周五', 'Friday'],
  'setting.day6': ['周六', 'Saturday'],
  'setting.day7': ['周日', 'Sunday'],
  'setting.weekday': ['哪天', 'Day'],
  'setting.from': ['开始', 'From'],
  'setting.to': ['结束', 'To'],
  'setting.add': ['添加时段', 'Add a window'],
  'setting.order': ['结束时间要晚于开始时间', 'The end must be after the start'],
  'setting.save': ['保存预约设置', 'Save'],
  'setting.saved': ['预约设置已保存', 'Saved'],
});

/** The texts of appointments (预约文案). */
export const { useTexts: useAppointmentTexts } = ownTexts(appointmentPhrases);
