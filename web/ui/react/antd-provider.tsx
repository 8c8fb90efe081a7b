import { App as AntdApp, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { antdDefaults, antdTheme } from '../antd-theme.ts';
import { useLanguage, useLessMotion, useTheme } from './preferences.ts';

/** Gives everything below antd's theme and locale as they are chosen, and its message, notification and modal hooks. */
export function AntdProvider({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const theme = useTheme();
  // Its durations are among the tokens, as the fonts of the language are.
  useLessMotion();
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  return (
    <ConfigProvider {...antdDefaults} locale={language === 'en' ? enGB : zhCN} theme={antdTheme(theme)}>
      <AntdApp component={false}>{children}</AntdApp>
    </ConfigProvider>
  );
}
