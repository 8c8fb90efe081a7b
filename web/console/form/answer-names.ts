import { createContext, useContext } from 'react';

/** Names of what answers refer to, by id: people, customers, assets, files. */
export const NamesContext = createContext<Readonly<Record<string, string>>>({});
export const useNames = (): Readonly<Record<string, string>> => useContext(NamesContext);
