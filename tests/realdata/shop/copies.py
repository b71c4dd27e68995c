"""The shop's log, several times over: each copy has customers of its own, and its days are later than those of the copy before."""

import csv
import datetime
import gzip
import zlib

# Clocks of all kinds: half hours, summer time in the south, a midnight that is skipped, a day that is skipped, none that exists.
ZONES = ["", "Europe/London", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo",
         "Pacific/Apia", "Asia/Tokyo", "Not/A_Zone"]


def days_later(copy):
    """No multiple of a week: the weekends of the copies fall on different days."""
    return 5 * copy


def zone_of(lead):
    return ZONES[zlib.crc32(lead.encode()) % len(ZONES)]


def write(log, copies, folder, table):
    """A file for each copy, and a table of all customers; returns both."""
    with gzip.open(log, "rb") as file:
        head = file.readline()
        lines = file.readlines()
    # Only the descriptions hold quotes and commas: the last four columns are the last four parts.
    parts = [line.rsplit(b",", 4) for line in lines]
    leads, names = set(), []
    for copy in range(copies):
        shift = datetime.timedelta(days=days_later(copy))
        suffix = b"-%d" % copy if copy else b""
        days, out = {}, [head]
        for front, at, price, customer, country in parts:
            day = at[:10]
            later = days.get(day)
            if later is None:
                later = days[day] = (datetime.date.fromisoformat(day.decode()) + shift).isoformat().encode()
            if customer:
                customer += suffix
                leads.add(customer)
            out.append(b"%b,%b%b,%b,%b,%b" % (front, later, at[10:], price, customer, country))
        name = folder / f"invoices_{copy:02}.csv"
        name.write_bytes(b"".join(out))
        names.append(name)
    with open(table, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["lead", "timezone"])
        for lead in sorted(leads):
            out.writerow([lead.decode(), zone_of(lead.decode())])
    return names, table
