import '../ui/base.css';
import './console.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { followVersions } from '../ui/new-version.ts';
import { applyPreferences } from '../ui/preferences.ts';
import { AntdProvider } from '../ui/react/antd-provider.tsx';
import { ErrorBoundary } from '../ui/react/error-boundary.tsx';
import { i18n } from './i18n.ts';
import { App } from './app.tsx';

applyPreferences();
followVersions();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <AntdProvider>
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </AntdProvider>
    </I18nextProvider>
  </StrictMode>,
);
