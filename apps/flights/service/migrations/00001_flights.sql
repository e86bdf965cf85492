-- The book's two tables. What is compared is ASCII and case-sensitive: collations differ between servers.

-- +goose Up
CREATE TABLE seat_maps (
    flight_no        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    seat_map         JSON        NOT NULL,
    origin_code      VARCHAR(10) NOT NULL,
    destination_code VARCHAR(10) NOT NULL
);

-- flight_date is local to the departure: a DATETIME is never converted.
CREATE TABLE flights (
    flight_id   VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    flight_no   VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    flight_date DATETIME    NOT NULL,
    INDEX flights_by_number_and_date (flight_no, flight_date),
    FOREIGN KEY (flight_no) REFERENCES seat_maps (flight_no)
);

-- +goose Down
DROP TABLE flights;
DROP TABLE seat_maps;
