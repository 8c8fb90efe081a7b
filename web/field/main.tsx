import '../ui/base.css';
import '../ui/antd-mobile.css';
import { ConfigProvider, unstableSetRender } from 'antd-mobile';
import enUS from 'antd-mobile/es/locales/en-US';
import zhCN from 'antd-mobile/es/locales/zh-CN';
import { StrictMode, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { applyPreferences } from '../ui/preferences.ts';
import { registerServiceWorker } from '../ui/pwa.ts';
import { ErrorBoundary } from '../ui/react/error-boundary.tsx';
import { useLanguage } from '../ui/react/preferences.ts';
import { i18n } from './i18n.ts';
import { App } from './app.tsx';

// antd-mobile draws its dialogs and toasts by a way that React 19 no longer has: without this they never appear.
const overlayRoots = new WeakMap<Element | DocumentFragment, Root>();
unstableSetRender((node, container) => {
  const root = overlayRoots.get(container) ?? createRoot(container);
  overlayRoots.set(container, root);
  root.render(node);
  return async () => {
    // Not within the rendering that asks for it.
    await Promise.resolve();
    root.unmount();
    overlayRoots.delete(container);
  };
});

function MobileLocale({ children }: { children: ReactNode }) {
  return <ConfigProvider locale={useLanguage() === 'en' ? enUS : zhCN}>{children}</ConfigProvider>;
}

applyPreferences();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <MobileLocale>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </MobileLocale>
    </I18nextProvider>
  </StrictMode>,
);

registerServiceWorker(`${import.meta.env.BASE_URL}service-worker.js`, import.meta.env.BASE_URL);
