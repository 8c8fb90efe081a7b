/** Said in every sentence, whatever it is about (虚词). */
export const idleCharacters: ReadonlySet<string> = new Set('的了不在有是我你他她它家里上下这那个一和与及或也都就还没很太又来去到把被给请麻烦能可以会要想说看吗呢啊吧呀们人大小前后中好时点天年月日号'.split(''));

/** The same of words of letters. */
export const idleWords: ReadonlySet<string> = new Set('the a an is are was were my our your of in on at to for from and or it its this that i we you please help there has have had be been with can could would when all any some very too out up do does did not no hi hello thank thanks inside'.split(' '));
