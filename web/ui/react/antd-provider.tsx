import { App as AntdApp, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import dayjs from 'dayjs';
import { useMemo, type ReactNode } from 'react';
import { antdDefaults, antdTheme } from '../antd-theme.ts';
import { useLanguage, useTheme } from './preferences.ts';

/** Gives everything below antd's theme and locale as they are chosen, and its message, notification and modal hooks. */
export function AntdProvider({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const theme = useTheme();
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  const config = useMemo(() => antdTheme(theme), [theme]);
  return (
    <ConfigProvider {...antdDefaults} locale={language === 'en' ? enGB : zhCN} theme={config}>
      <AntdApp component={false}>{children}</AntdApp>
    </ConfigProvider>
  );
}
