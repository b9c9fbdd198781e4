-- What the tables share.
CREATE OR REPLACE MACRO color(h) AS ['almond', 'azure', 'black', 'blue', 'brown', 'coral', 'cyan', 'forest', 'green', 'ivory', 'khaki', 'lemon', 'lime', 'navy', 'olive', 'pink', 'plum', 'red', 'rose', 'tan'][1 + (h % 20)::INT];
CREATE OR REPLACE MACRO price(part) AS ((90000 + (part // 10) % 20001 + 100 * (part % 1000)) / 100)::DECIMAL(15, 2);
CREATE OR REPLACE MACRO supplier(part, n, suppliers) AS ((part + n * (suppliers // 4 + (part - 1) // suppliers)) % suppliers + 1)::BIGINT;
CREATE OR REPLACE MACRO customer(n, customers) AS ((hash(n, 51) % (customers // 3))::BIGINT * 3 + 1 + (hash(n, 59) % 2)::BIGINT);
CREATE OR REPLACE MACRO ordered(n) AS DATE '1992-01-01' + (hash(n, 54) % 2406)::INT;
