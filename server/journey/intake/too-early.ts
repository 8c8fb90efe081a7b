/** What a message needs is not there so far: it is looked at again in a moment (稍后再试). */
export class TooEarly extends Error {}
