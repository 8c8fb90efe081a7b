import LoadingOutlined from '@ant-design/icons/LoadingOutlined';
import { App as AntdApp, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { antdDefaults, antdTheme } from '../antd-theme.ts';
import { useLanguage, useLessMotion, useTheme } from './preferences.ts';

// Put there and taken away without a motion: antd waits for the end of its own, which may be too short for a browser to tell of, and then the button says for ever that it is at work.
const atWork = { 'zh-CN': <LoadingOutlined aria-label="处理中" />, en: <LoadingOutlined aria-label="Working" /> };

/** Gives everything below antd's theme and locale as they are chosen, and its message, notification and modal hooks. */
export function AntdProvider({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const theme = useTheme();
  // Its durations are among the tokens, as the fonts of the language are.
  useLessMotion();
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  return (
    <ConfigProvider {...antdDefaults} button={{ ...antdDefaults.button, loadingIcon: atWork[language] }} locale={language === 'en' ? enGB : zhCN} theme={antdTheme(theme)}>
      <AntdApp component={false}>{children}</AntdApp>
    </ConfigProvider>
  );
}
