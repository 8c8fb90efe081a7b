/** What the oldest web views lack of all that this page calls (旧浏览器补丁); imported before anything else. */

// Chrome 71, Safari 12.1.
if (typeof window.queueMicrotask !== 'function') {
  window.queueMicrotask = (work) => void Promise.resolve().then(work);
}

// Chrome 66, Safari 12.1. Nothing can be cancelled without it; requests simply run to their end.
if (typeof window.AbortController !== 'function') {
  const nothing = (): void => {};
  const signal = { aborted: false, addEventListener: nothing, removeEventListener: nothing };
  window.AbortController = class {
    readonly signal = signal;
    abort = nothing;
  } as unknown as typeof AbortController;
}
