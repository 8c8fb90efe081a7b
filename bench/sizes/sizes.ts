export async function measureSizes(_: { quick: boolean; lists: boolean; feed: boolean }): Promise<{ lists: null; feed: null; postgres: string }> { return { lists: null, feed: null, postgres: '' }; }
