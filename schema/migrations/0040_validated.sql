-- What earlier migrations said of tables that may be large, looked at row by row: nobody who reads or writes waits for it meanwhile.

ALTER TABLE file VALIDATE CONSTRAINT file_purpose_check;
ALTER TABLE message VALIDATE CONSTRAINT message_purpose_check;
ALTER TABLE customer VALIDATE CONSTRAINT customer_news_check;
ALTER TABLE outgoing_message VALIDATE CONSTRAINT outgoing_message_carries;
