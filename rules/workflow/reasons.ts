/** What a call outside comes to grief over, in words (调用失败原因): what platform/egress and the job that calls say, put for people. */
const reasons: readonly (readonly [said: RegExp, zh: string, en: string])[] = [
  [/^HTTP (\d{3})$/, '对方系统回答 HTTP $1', 'the other system answered HTTP $1'],
  [/^private_address: (\S+) .*$/, '地址 $1 在内部网络中，不允许调用', '$1 lies within an internal network, which may not be called'],
  [/^timeout: .*$/, '对方系统没有按时回应', 'the other system did not answer in time'],
  [/^unreachable: it could not be reached \((.*)\)$/, '连不上对方系统（$1）', 'the other system could not be reached ($1)'],
  [/^unreachable: (.*)$/, '连不上对方系统（$1）', 'the other system could not be reached ($1)'],
  [/^too_large: .*$/, '对方系统的回答太长', 'the other system answered too much'],
  [/^too_many_redirects: .*$/, '对方系统一再转到别的地址', 'the other system redirected again and again'],
  [/^address: (.*)$/, '网址无法使用（$1）', 'the address cannot be used ($1)'],
  [/^request: it cannot be asked like that \((.*)\)$/, '请求无法发出，请检查请求头（$1）', 'the request cannot be sent; look at its headers ($1)'],
  [/^the answer is not JSON$/, '对方系统的回答不是 JSON', 'the other system did not answer in JSON'],
  [/^the value of (.*) cannot be kept$/, '回答中 $1 的值无法保存', 'the value of $1 in the answer cannot be kept'],
  [/^the header (.*) was written for another address$/, '请求头“$1”不是为这个地址填写的，请重新填写并发布', 'the header “$1” was not written for this address: write it anew and publish'],
  [/^the answer is not one of a chat completion$/, '大模型的回答格式不对', 'the answer is not one of a chat completion'],
  [/^the answer is not a JSON object$/, '大模型没有按要求用 JSON 回答', 'the model was to answer with a JSON object and did not'],
  [/^the answer cannot be kept$/, '大模型的回答无法保存', 'the answer of the model cannot be kept'],
  [/^it could not be made$/, '请求没能发出', 'the call could not be made'],
  [/^no language model is set up$/, '大模型尚未接入', 'no language model is set up'],
];

/** A reason in the reader's language; one that is not known stays as it is. */
export function reasonIn(detail: string, language: 'zh-CN' | 'en'): string {
  const found = reasons.find(([said]) => said.test(detail));
  return found ? detail.replace(found[0], language === 'en' ? found[2] : found[1]) : detail;
}
