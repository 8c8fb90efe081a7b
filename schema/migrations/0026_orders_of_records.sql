-- The orders in which customers, accounts and assets are listed (档案排序).

-- How names follow one another: Chinese ones by pinyin, numbers in them by their value; where the database does not know
-- the collations of ICU, by code point.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') THEN
    CREATE COLLATION name_order (provider = icu, locale = 'zh-u-co-pinyin-kn');
  ELSE
    CREATE COLLATION name_order FROM "C";
  END IF;
END $$;

-- As which name a customer is put in order: surnames that older ICU reads otherwise, or that are read otherwise than the
-- character is elsewhere, stand with one that is read alike. A column of its own, as row-level security lets no index on
-- an expression be used.
ALTER TABLE customer ADD COLUMN sort_name text GENERATED ALWAYS AS (translate(name, '沈曾仇翟覃', '申增丘宅秦')) STORED;

CREATE INDEX customer_in_name_order ON customer (tenant_id, sort_name COLLATE name_order, id) WHERE merged_into IS NULL AND archived_at IS NULL;
CREATE INDEX account_in_name_order ON account (tenant_id, name COLLATE name_order, id) WHERE archived_at IS NULL;
CREATE INDEX asset_in_name_order ON asset (tenant_id, name COLLATE name_order, id) WHERE archived_at IS NULL;
CREATE INDEX asset_warranty ON asset (tenant_id, warranty_until, id) WHERE archived_at IS NULL;
