/**
 * What Node is told when it runs the program. A request leaves much behind that lives a few milliseconds, until its
 * commit: with the usual room for the young, half of it is copied twice before it dies.
 */
export const programOptions = ['--max-semi-space-size=32'];
