import { theme as antdThemes, type ConfigProviderProps, type ThemeConfig } from 'antd';
import type { Theme } from './preferences.ts';

/**
 * The antd theme (组件主题) made of the tokens in tokens.css, read from the document, so that there is one truth.
 * Call it after `applyPreferences`, and again when theme, language or the wish for less motion has changed.
 */
export function antdTheme(theme: Theme): ThemeConfig {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const size = (name: string): number => Number.parseFloat(token(name));
  // In the dark theme text needs a lighter accent than the ground under white text does.
  const solid = {
    colorPrimary: token('accent-solid'),
    colorPrimaryHover: token('accent-hover'),
    colorPrimaryActive: token('accent-active'),
  };
  // The edge by which one knows where to type or tick: 3:1 against what surrounds it.
  const control = { colorBorder: token('line-control') };
  return {
    algorithm: theme === 'dark' ? antdThemes.darkAlgorithm : antdThemes.defaultAlgorithm,
    token: {
      colorPrimary: token('accent'),
      colorPrimaryHover: theme === 'dark' ? token('accent') : token('accent-hover'),
      colorPrimaryActive: theme === 'dark' ? token('accent') : token('accent-active'),
      colorPrimaryText: token('accent'),
      colorPrimaryBg: token('accent-soft'),
      colorPrimaryBgHover: token('surface-selected'),
      colorPrimaryBorder: token('accent-line'),
      colorLink: token('accent'),
      colorLinkHover: theme === 'dark' ? token('accent') : token('accent-hover'),
      colorLinkActive: theme === 'dark' ? token('accent') : token('accent-active'),
      colorInfo: token('accent'),
      colorInfoBg: token('accent-soft'),
      colorSuccess: token('success'),
      colorSuccessBg: token('success-soft'),
      colorWarning: token('warning'),
      colorWarningBg: token('warning-soft'),
      colorError: token('danger'),
      colorErrorBg: token('danger-soft'),
      colorText: token('text'),
      colorTextSecondary: token('text-secondary'),
      colorTextTertiary: token('text-muted'),
      colorTextDescription: token('text-muted'),
      colorTextPlaceholder: token('text-muted'),
      colorTextHeading: token('text'),
      colorIcon: token('text-muted'),
      colorIconHover: token('text'),
      colorBgLayout: token('page'),
      colorBgContainer: token('surface'),
      colorBgElevated: token('surface-raised'),
      colorBgMask: token('shade'),
      colorBorder: token('line-strong'),
      colorBorderSecondary: token('line'),
      colorSplit: token('line'),
      controlItemBgHover: token('surface-hover'),
      controlItemBgActive: token('surface-selected'),
      controlItemBgActiveHover: token('surface-selected'),
      fontFamily: token('font'),
      fontFamilyCode: token('font-mono'),
      fontSize: size('font-size-body'),
      fontSizeSM: size('font-size-caption'),
      fontSizeLG: size('font-size-lead'),
      borderRadius: size('radius'),
      borderRadiusSM: size('radius-small'),
      borderRadiusLG: size('radius-large'),
      controlHeight: size('control-height'),
      boxShadow: token('shadow-3'),
      boxShadowSecondary: token('shadow-2'),
      // With less motion wished for these are next to nothing. Not nothing: without motion antd draws dialogs before they stand in the document, and what is to have the focus in them gets none.
      motionDurationFast: token('motion-fast'),
      motionDurationMid: token('motion'),
      motionDurationSlow: token('motion'),
      wireframe: false,
    },
    components: {
      Button: {
        ...solid,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        // The same red is text on outlined buttons and ground of filled ones; in the dark it is a light one.
        dangerColor: theme === 'dark' ? token('page') : token('text-on-solid'),
        fontWeight: 500,
      },
      Checkbox: { ...solid, ...control },
      Radio: { ...solid, ...control },
      Switch: solid,
      Input: control,
      InputNumber: control,
      Select: control,
      DatePicker: { ...solid, ...control },
      Calendar: solid,
      Pagination: { itemActiveBg: token('surface') },
      Table: {
        headerBg: token('surface'),
        headerColor: token('text-muted'),
        headerSplitColor: 'transparent',
        rowHoverBg: token('surface-hover'),
        cellPaddingBlock: 10,
        cellFontSize: size('font-size-dense'),
      },
      Tooltip: { colorBgSpotlight: theme === 'dark' ? token('surface-raised') : '#1a2130' },
      Menu: { itemSelectedBg: token('surface-selected'), itemHoverBg: token('surface-hover'), itemHeight: 36 },
      Layout: { headerBg: token('surface'), siderBg: token('surface'), bodyBg: token('page') },
      Form: { labelColor: token('text-secondary'), verticalLabelPadding: '0 0 4px' },
    },
  };
}

/** What goes onto antd's ConfigProvider beside theme and locale. */
export const antdDefaults: Pick<ConfigProviderProps, 'button'> = {
  // Chinese buttons of two characters are not to be torn apart.
  button: { autoInsertSpace: false },
};
