/** What people put around the facts: greetings, requests, the agent's note of a call, a clerk's mail. Same notation as the banks. */

export const greetings: string[] = ['', '', '', '', '', '', '你好，', '您好，', '物业你好，', '师傅好，', '管家你好，', '麻烦了，', '您好！', '请问一下，', '@管家 ', '报修：', '{hello}', '打扰一下，'];

export const requests: string[] = [
  '', '', '', '', '', '', '', '', '麻烦尽快安排，谢谢。', '请派师傅看看。', '来之前打个电话。', '{free}家里有人。', '{free}都在家，谢谢！', '谢谢师傅！', '辛苦了。', '希望今天能处理。', '什么时候能来？', '麻烦啦~',
  '请问大概多久能修好？', '需要收费的话先说一声。', '我在上班，请提前半小时联系。', '家里一直有老人在。', '照片已上传。', '视频发群里了。', '等回复。', '不急，这两天处理就行。', '门口密码锁，来了给我打电话。', '请穿鞋套，谢谢。',
];

/** For what is settled at a desk. */
export const deskRequests: string[] = ['', '', '', '', '', '', '', '谢谢。', '麻烦尽快回复，谢谢。', '等回复。', '请电话告知。', '微信回我就行。', '辛苦了。', '不急，这两天回复就行。', '谢谢啦~', '材料可以拍照发过来吗？', '截图已上传。'];

/** For things outside the home, where nobody has to be in. */
export const publicRequests: string[] = [
  '', '', '', '', '', '', '', '', '麻烦尽快处理，谢谢。', '请派人看看。', '希望引起重视。', '处理好了说一声。', '照片见附件。', '谢谢！', '邻居们也都在说。', '辛苦了。', '等回复。', '请尽快，谢谢各位。', '安全第一，别拖了。', '有结果在群里说一下吧。',
];

export const elderlyGreetings: string[] = ['', '', '同志你好，', '喂，物业啊，', '小姑娘你好，', '不好意思麻烦你们，', '我是{home}的，', '我是{home}老{n}，'];
export const elderlyRequests: string[] = ['', '', '谢谢你们哦。', '难为你们了。', '我一天到晚在家的。', '麻烦打我家里电话。', '耳朵不好，敲门重一点。', '多谢多谢。', '你们忙完了来也好的。', '字是孙子帮我打的。'];
export const angryRequests: string[] = ['', '', '', '请给我一个明确的时间！', '今天必须解决。', '不解决我就打 12345。', '等着你们的答复。', '物业费不是白交的。', '再没人管我就去业委会反映。', '截图留证了。'];

/** The agent's note of a phone call; `{facts}` is one line of `noted`. */
export const callNotes: string[] = [
  '业主来电反映：{facts}。{ask}', '{n}{t}来电，{facts}，{ask}', '{home}{who}电话报修：{facts}。{ask}', '来电：{facts}。{mood}{ask}', '{who}{n}{t}反映{facts}。{ask}',
  '400 来电转入，{facts}，地址{home}。{ask}', '{n}{t}（尾号{tail}）来电，称{facts}。{mood}{ask}', '{who}致电前台：{facts}。{ask}', '{facts}。{who}{n}{t}来电，{ask}', '【电话报修】{home}，{facts}。{ask}',
  '{who}来电，{facts}。{mood}{ask}', '{n}{t}电话反映{facts}，{ask}', '{facts}，{who}在家等候。{ask}', '来电人{n}{t}，{home}，{facts}；{ask}', '{n}{t}打来电话，{facts}，已安抚，{ask}', '受理：{facts}。回电号码尾号{tail}。{ask}',
];
export const callAsks: string[] = ['要求尽快上门。', '请安排上门查看。', '希望{free}上门。', '上门前请先电话联系。', '已告知按顺序安排。', '已答应今日内回复。', '请工程核实处理。', '已派单，请跟进。', '称{free}有人在家。', '请师傅自备工具。', '已安抚客户情绪。', '客户要求回电。', '询问是否收费，已告知收费标准。', '请优先处理。'];
export const publicAsks: string[] = ['请安排处理。', '请尽快到场核实。', '要求今日处理。', '希望有人巡查。', '请责任部门跟进。', '已告知客户会有人查看。', '客户要求处理后回电。', '请现场拍照反馈。', '已答应今日内回复。', '请当班人员先行查看。', '多人反映，请重视。', '请核实后公示。'];
export const deskAsks: string[] = ['请协助办理。', '客户要求回电答复。', '已告知一个工作日内回复。', '请核实后联系客户。', '请尽快答复。', '请在今日下班前给出结果。', '已记录，待核查。', '请专人跟进。'];
export const urgentAsks: string[] = ['情况紧急，请立即到场！', '已电话通知当班师傅。', '请马上处理！', '已通知夜班值守先行到场。', '优先级最高，请立即响应。', '已指导{who}先行自救处置。'];
export const callMoods: string[] = ['', '', '', '', '', '客户情绪较激动。', '客户语气平和。', '客户表示理解。', '来电时背景嘈杂。', '老人口音较重，已复述确认。', '客户称已是第二次反映。'];

/** The building manager passing on what neighbours said in the WeCom group. */
export const butlerNotes: string[] = [
  '管家代报：{home}{facts}。{ask}', '{n}{t}群里@我，{facts}，{ask}', '巡楼时业主反映，{facts}。{ask}', '企微收到{n}{t}消息：{facts}。{ask}', '业主群反映{facts}，已私聊确认，{ask}', '{home}业主微信说{facts}，{ask}', '巡楼碰到{n}{t}，说{facts}。{ask}', '楼栋群里有人提到{facts}，经核实为{home}，{ask}',
];

export const companyNotes: string[] = [
  '我司{home}，{facts}，烦请安排处理。', '您好，{account}（{home}）报修：{facts}。', '{facts}，影响正常办公，请尽快安排。', '你好，{home}{account}，{facts}，麻烦来看下，联系人{n}{t}。', '{home}：{facts}。上班时间前台都有人。', '请工程部协助：{facts}。下午有客户来访，希望在此之前处理。', '{facts}。{home}，行政{n}{t}。', '麻烦安排一下，{facts}，可随时上门，到了找前台。', '各位好，我们公司在{home}，{facts}，同事们意见比较大，请优先处理。',
];
export const companyMails: string[] = [
  '物业服务中心：\n\n您好！我司（{account}，{home}）{facts}。烦请安排人员查看处理，谢谢。\n\n{n}{t}\n{account} 行政部\n电话 {phone}',
  '您好，\n\n{facts}，已对日常工作造成影响，望尽快协调解决，并请回复预计时间。\n\n此致\n{account} {n}{t}',
  '安居里物业各位同事：\n\n现就{home}情况说明如下：\n1. {facts}；\n2. 上班时间 9:00—18:00 可上门；\n3. 如涉及费用请先报价。\n\n联系人：{n}{t} {phone}',
  'Hi 物业团队，\n\n{facts}。麻烦跟进一下，有进展直接回复本邮件即可。\n\n{account}\n{n}',
];
export const companyDeskMails: string[] = [
  '物业服务中心：\n\n您好！{facts}，所需材料请告知，我们尽快备齐。\n\n{n}{t}\n{account} 行政部\n电话 {phone}',
  '您好，\n\n{facts}，麻烦协助办理，办好后请回复本邮件，谢谢。\n\n{account}（{home}）{n}',
  '安居里物业财务、客服同事：\n\n{facts}。资料如有缺漏请直接联系我。\n\n{account} {n}{t} {phone}',
];
export const shopNotes: string[] = ['{account}，{facts}，客人都在问，麻烦快点。', '老板你好，我是{home}{account}的，{facts}，生意都没法做了。', '{facts}，我们店{home}，中午之前能来吗？', '店里{facts}，打烊后来修也行，我等到九点。', '{home} {account}：{facts}，急。', '{facts}。食品卫生要检查的，拜托尽快。'];

/** Slips of the thumb, for a few of the messages typed in a hurry. */
export const slips: [string, string][] = [['漏水', '楼水'], ['坐电梯', '做电梯'], ['麻烦', '麻凡'], ['已经', '以经'], ['尽快', '尽块'], ['按钮', '安钮'], ['请问', '清问'], ['安排', '按排'], ['渗水', '浸水'], ['好像', '好象'], ['重新', '从新'], ['师傅', '师付'], ['客厅', '客听'], ['不知道', '不只道'], ['物业', '物页'], ['楼道', '楼到'], ['在家', '再家'], ['车库', '车裤'], ['卫生间', '卫生见'], ['开关', '开光']];

/** What devices send by themselves. */
export const alarmTexts: Record<string, [subject: string, body: string][]> = {
  'water.supply.pump': [
    ['【告警】{asset}出口压力低', '设备：{asset}（{code}）\n位置：{spot}\n告警项：出口压力 0.{18~29} MPa，低于下限 0.32 MPa，持续 {60~240} s\n级别：一级'],
    ['【告警】{asset}过载跳闸', '设备：{asset}（{code}）\n告警项：电机过流 {14~19}.{1~8} A，保护停机\n备用泵：已投入\n级别：一级'],
    ['【预警】{asset}轴承温度高', '设备：{asset}（{code}）\n位置：{spot}\n轴承温度 {78~92}℃，阈值 75℃，趋势上升\n级别：二级'],
    ['【告警】{asset}频繁启停', '设备：{asset}（{code}）\n近 30 分钟启停 {14~26} 次，疑似稳压罐失压\n级别：二级'],
  ],
  'power.equipment.cabinet': [
    ['【告警】{asset}B 相温度高', '设备：{asset}（{code}）\n位置：{spot}\nB 相母排温度 {82~97}℃，阈值 80℃\n级别：一级，请 15 分钟内到场'],
    ['【告警】{asset}剩余电流超限', '设备：{asset}（{code}）\n剩余电流 {420~780} mA，阈值 300 mA，持续 {2~9} min\n级别：一级'],
    ['【预警】{asset}三相不平衡', '设备：{asset}（{code}）\n不平衡度 {24~38}%，A {180~240} A / B {110~150} A / C {200~260} A\n级别：二级'],
  ],
  'lift.stop.trapped': [
    ['【电梯困人】{asset}', '设备：{asset}（{code}）\n事件：非平层停梯且轿厢有人\n停靠：{floor} 层附近\n轿厢视频检测人数 {1~3}\n已自动拨打救援值守电话'],
    ['【紧急】{asset}轿厢呼叫', '设备：{asset}（{code}）\n事件：轿厢紧急按钮持续按下 {5~20} s\n运行状态：停止，门区外\n级别：一级'],
  ],
  'lift.stop.stopped': [['【告警】{asset}故障停梯', '设备：{asset}（{code}）\n故障码 E{11~47}，{floor} 层平层停靠，轿厢无人\n级别：二级'], ['【告警】{asset}离线', '设备：{asset}（{code}）\n物联模块 {10~45} min 无心跳，现场状态未知\n级别：三级']],
  'smart.fire.alarm': [
    ['【火警】{floor} 层感烟探测器动作', '主机：{asset}（{code}）\n回路 {1~8} 点位 {11~96}，{floor} 层走道\n首警，未联动\n请立即现场确认'],
    ['【故障】火灾报警主机回路故障', '主机：{asset}（{code}）\n回路 {1~8} 通讯故障，涉及 {6~30} 个点位\n级别：一级'],
    ['【火警】手动报警按钮动作', '主机：{asset}（{code}）\n位置：{floor} 层楼梯前室\n请立即核实并复位'],
  ],
  'water.drain.storm': [['【告警】集水井高液位', '设备：{asset}（{code}）\n位置：{spot}\n液位 {82~98}%，双泵已启动，仍在上升\n级别：一级'], ['【告警】{asset}未启动', '设备：{asset}（{code}）\n液位超启泵线 {4~15} min，泵无运行反馈\n级别：一级']],
  'power.equipment.charger': [['【离线】{asset}', '设备：{asset}（{code}）\n{20~90} min 无心跳，最后状态：空闲\n级别：三级'], ['【故障】{asset}绝缘检测失败', '设备：{asset}（{code}）\n连续 {2~4} 次启动失败，故障码 0x{21~48}\n级别：二级']],
  'smart.parking.barrier': [['【告警】{asset}抬杆超时', '设备：{asset}（{code}）\n抬杆 {8~15} s 未到位，当前排队车辆约 {3~11} 辆\n级别：二级']],
  'smart.camera.offline': [['【离线】监控点位 {2~9} 路掉线', '设备：{asset}（{code}）\n掉线点位：{gate}、{b}、车库 B1 等\n级别：二级'], ['【告警】{asset}硬盘异常', '设备：{asset}（{code}）\n硬盘 {1~8} 槽位 SMART 告警，录像可能丢失\n级别：二级']],
};
