import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanFileName, extensionOf } from './file-name.ts';

test('a name keeps its Chinese and loses its path, controls and disguises', () => {
  const cases: [string, string][] = [
    ['现场照片 1.jpg', '现场照片 1.jpg'],
    ['C:\\Users\\张三\\桌面\\报告.pdf', '报告.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['a/b/..', ''],
    ['a\u0000b\r\nc\u009f.txt', 'a b c .txt'],
    ['photo\u202Egpj.exe', 'photogpj.exe'],
    ['.htaccess', 'htaccess'],
    ['evil.exe. . ', 'evil.exe'],
    ['👩‍🔧.png', '👩‍🔧.png'],
    ['e\u0301.txt', 'é.txt'],
    ['half \uD83D.txt', 'half \uFFFD.txt'],
    ['', ''],
    ['   ', ''],
  ];
  for (const [declared, cleaned] of cases) assert.equal(cleanFileName(declared), cleaned);
});

test('a long name is cut before its extension, never through a character', () => {
  const cut = cleanFileName(`${'😀'.repeat(300)}.jpeg`);
  assert.equal([...cut].length, 200);
  assert.ok(cut.endsWith('😀.jpeg') && cut.isWellFormed());
});

test('extensions', () => {
  assert.deepEqual(['a.JPG', 'a.tar.gz', 'a', '.env', 'a.', '图.照片', 'a. b'].map(extensionOf), ['jpg', 'gz', '', '', '', '照片', '']);
});
