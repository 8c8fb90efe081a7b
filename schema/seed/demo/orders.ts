import type { FieldMapping } from '../../../rules/intake/mapping.ts';
import type { Form } from '../../../rules/forms/form.ts';

const words = (zh: string, en: string) => ({ zh, en });

const form: Form = {
  fields: [
    { key: 'orderNo', kind: 'text', label: words('订单号', 'Order'), mask: 'DD9999999999', width: 'half' }, { key: 'boughtOn', kind: 'date', label: words('购买日期', 'Bought on'), width: 'half' },
    { key: 'product', kind: 'text', label: words('商品', 'Product'), maxLength: 80 }, { key: 'model', kind: 'text', label: words('型号', 'Model'), maxLength: 40, width: 'half' },
    { key: 'paid', kind: 'money', label: words('金额', 'Amount'), currencies: ['CNY'], width: 'half' }, { key: 'warrantyUntil', kind: 'date', label: words('保修至', 'Warranty until'), width: 'half' },
    { key: 'courier', kind: 'text', label: words('快递公司', 'Courier'), maxLength: 20, width: 'half' }, { key: 'trackingNo', kind: 'text', label: words('运单号', 'Tracking number'), maxLength: 30, width: 'half' },
    { key: 'parcel', kind: 'text', label: words('物流', 'Parcel'), maxLength: 200 },
  ],
};
const orders: FieldMapping[] = [
  { target: 'fields.product', from: 'data.product.name' }, { target: 'fields.model', from: 'data.product.model' }, { target: 'fields.boughtOn', from: 'data.boughtOn' }, { target: 'fields.warrantyUntil', from: 'data.warrantyUntil' },
  { target: 'fields.courier', from: 'data.shipment.courier' }, { target: 'fields.trackingNo', from: 'data.shipment.trackingNo' }, { target: 'location.address', from: 'data.receiver.address' },
];
const parcels: FieldMapping[] = [{ target: 'fields.parcel', text: '{{data.0.time}} {{data.0.context}}', cleanse: ['one_line'] }];

/** Parts and goods that were ordered, whose order and parcel two other systems know (演示：订单与物流). */
export const demoOrders = {
  type: { key: 'goods', name: '物资与配件', nameEn: 'Goods and parts', description: '配件、耗材和商城订单的到货与售后，订单和物流自动查询', form },
  connectors: { orders: { name: '商城订单（示例）', mapping: orders }, parcels: { name: '快递100（示例）', mapping: parcels } },
  tickets: [
    { subject: '净水滤芯没收到，帮忙查一下', description: '下单好几天了，物流一直没更新。', contact: '沈曼', orderNo: 'DD2026110301' },
    { subject: '水泵机械密封到货验收', description: '3 号泵房换件，到货后通知我们上门。', contact: '泵房 老韩', orderNo: 'DD2026110702' },
    { subject: '灯管买错型号，想换', description: '外包装没拆。', contact: '顾先生', orderNo: 'DD2026111103' },
  ],
} as const;
