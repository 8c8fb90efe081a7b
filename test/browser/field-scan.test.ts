/** The field app reads QR codes where the browser has no reader of its own: out of a photo, by the camera, and without a network. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import QRCode from 'qrcode';
import sharp from 'sharp';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let page: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  page = await chromium.newPage({ viewport: 'phone', baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  // As in Safari and Firefox, whatever this browser has.
  await page.addInitScript('delete globalThis.BarcodeDetector');
  await page.goto('/field/');
  await page.locator('[name="account"]').fill('technician@first.example');
  await page.locator('[name="password"]').fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('没有待办任务').waitFor();
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function newAsset(code: string, name: string): Promise<string> {
  const { status, body, text } = await served.program.call('POST', '/assets', { as: 'administrator', body: { code, name, model: 'CDL 20' } });
  assert.equal(status, 201, text);
  return body.scanUrl;
}

/** A label as somebody photographs it: slanted, small in the picture, a little blurred, on a wall. */
async function photographed(text: string): Promise<Buffer> {
  const label = await sharp(await QRCode.toBuffer(text, { errorCorrectionLevel: 'M', margin: 4, width: 620 })).rotate(13, { background: '#c9c3b8' }).toBuffer();
  return sharp({ create: { width: 2400, height: 1800, channels: 3, background: '#c9c3b8' } }).composite([{ input: label, left: 900, top: 500 }]).blur(1.2).jpeg({ quality: 70 }).toBuffer();
}

const openScan = async () => {
  await page.goto('/field/#/');
  await page.getByRole('link', { name: '扫码查设备' }).click();
  await page.locator('[name="code"]').waitFor();
};
const choose = (buffer: Buffer) => page.locator('input[type="file"]').setInputFiles({ name: 'label.jpg', mimeType: 'image/jpeg', buffer });

test('out of a photo; one without a code says so; by its label also without a network', async () => {
  const url = await newAsset('PUMP-7', '7号水泵');
  const label = await photographed(url);
  await openScan();
  await choose(await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#7d9c4a' } }).jpeg().toBuffer());
  await page.getByText('照片里没有找到二维码').waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'field-scan-01-no-code');
  await choose(label);
  await page.getByRole('heading', { name: '7号水泵' }).waitFor();

  // The app is opened anew without a network: the reader lies on the phone, and so does what was looked at.
  await page.context().setOffline(true);
  await page.reload();
  await openScan();
  await choose(label);
  await page.getByRole('heading', { name: '7号水泵' }).waitFor();
  await openScan();
  await choose(await photographed('https://bihuan.example/q/never-seen'));
  await page.getByText('没有网络，本机也没有保存过这台设备').waitFor();
  await page.context().setOffline(false);
});

test('by the camera, and by typing where there is none', async () => {
  const url = await newAsset('FAN-3', '3号风机');
  const picture = `data:image/png;base64,${(await QRCode.toBuffer(url, { margin: 4, width: 300 })).toString('base64')}`;
  // What stands before the camera: a label on a table.
  await page.evaluate(`(async () => {
    const image = new Image();
    image.src = ${JSON.stringify(picture)};
    await image.decode();
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas');
      canvas.width = 640;
      canvas.height = 480;
      const context = canvas.getContext('2d');
      const draw = () => {
        context.fillStyle = '#b8a888';
        context.fillRect(0, 0, 640, 480);
        context.drawImage(image, 170, 90);
      };
      draw();
      setInterval(draw, 100);
      return canvas.captureStream(10);
    };
  })()`);
  await openScan();
  await page.getByRole('heading', { name: '3号风机' }).waitFor();

  await page.evaluate("navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError'))");
  await openScan();
  await page.getByText('没有摄像头权限').waitFor();
  await page.locator('[name="code"]').fill('FAN-3');
  await page.getByRole('button', { name: '查看设备' }).click();
  await page.getByRole('heading', { name: '3号风机' }).waitFor();
  assert.deepEqual(page.complaints.filter((complaint) => !complaint.includes('ERR_INTERNET_DISCONNECTED')), []);
});
