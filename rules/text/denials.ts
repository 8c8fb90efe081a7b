/**
 * What somebody says has not happened (否认): “没有人被困”, “不漏水了”, “nobody is hurt”. Only of matters that are reported when they do happen: no water
 * and no power are matters of their own.
 */

// Whether is asked: 有没有人被困, 漏不漏水, 会不会触电, 是不是; and 不时, 不停, 不断 go on.
const not = '(?<![有是会能要漏着])(?:并?没有?|并?未|并?不(?!停|断|时|止|光|仅|但|只)|[无毋])';
const between = '(?:人|人员|有人|谁|什么|任何|再|在|发生|出现|闻到|看到|见|继续|明显|造成|导致|怎么|会|的){0,4}';
const matter = '(?:被?困(?:人|住|在)?|受伤|伤亡|伤人|伤到|晕倒|昏倒|摔倒|摔伤|触电|漏电|电到|着火|起火|失火|火灾|冒烟|冒火花?|烟味|烧焦|焦味|爆炸|爆裂|爆管|炸裂|爆了?|(?:漏|渗|滴|淹)水?|积水|倒塌|坍塌|塌陷?|坠落|(?:煤气|燃气|天然气)(?=味|泄|漏)|泄[漏露]|中毒)(?:人|住|味道?|水|泄[漏露]|漏气?)?';
const chinese = new RegExp(`${not}${between}${matter}了?`, 'gu');
const english = /\b(?:no(?:body| one)?|not|none|never|without|(?:is|was|are|were|has|have|does|did)n['’]?t)(?: (?:is|was|are|were|been|got|gets?|has|have|any|anyone|anybody|a|the|more|longer|sign of|smell of|currently|there)){0,4} (?:trapped|stuck|hurt|injur\w+|on fire|fires?|flames?|smoke|smoking|sparks?|sparking|burning|gas(?: leaks?| smell)?|leak\w*|flood\w*|shocked|bleeding|electrocuted|explosion)\b(?! (?:alarm|extinguisher|detector|door)s?)/giu;

/** A text without what it says has not happened. */
export const withoutDenials = (text: string): string => text.replace(chinese, ' ').replace(english, ' ');
