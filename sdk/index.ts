export { BihuanProblem, createClient, type CallOptions, type Client, type ClientOptions, type SentEvent, type WrongInput } from './client.ts';
export type * from './api.ts';
