/**
 * The environment, or the place the program was started in, is not one it can run in.
 *
 * The message is one line for the person who started the program: it names the variable and says what is allowed.
 * Whoever catches it prints the message alone and ends with code 1.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
