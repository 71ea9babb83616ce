"""Make the files that readers are tested on, with nothing but the standard library."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    """Return a tar file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def docx(body: str, title: str = "", **parts: str) -> bytes:
    """Return a DOCX file of the given WordprocessingML."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": f"<cp {DC}><dc:title>{title}</dc:title></cp>",
        **{f"word/{name}.xml": text for name, text in parts.items()},
    }
    return zipped({name: text.encode() for name, text in files.items()})


def epub(chapters: Mapping[str, str]) -> bytes:
    """Return an EPUB book; a chapter's name is its path below ``OEBPS``."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" {DC}><metadata><dc:title>换电记</dc:title>'
        "<dc:creator>林若海</dc:creator><dc:date>2024-03-05T00:00:00Z</dc:date>"
        f"<dc:publisher>某社</dc:publisher></metadata><manifest>{items}</manifest>"
        f"<spine>{order}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/book.opf": package,
        **{f"OEBPS/{name}": text for name, text in chapters.items()},
    }
    return zipped({name: text.encode() for name, text in files.items()}, zipfile.ZIP_STORED)


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF file whose pages have the given lines; no font is embedded."""
    objects: list[bytes] = []

    def add(content: str | bytes, stream: bytes | None = None) -> int:
        data = content.encode() if isinstance(content, str) else content
        if stream is not None:
            packed = zlib.compress(stream)
            data = (
                f"<< {content!s} /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
                + packed
                + b"\nendstream"
            )
        objects.append(data)
        return len(objects)

    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapType 2 def /CMapName /U def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        "100 beginbfrange\n"
        + "".join(
            f"<{n:02X}00> <{n:02X}FF> <{n:02X}00>\n" for n in (0x00, *range(0x30, 0xA0), 0xFF)
        )
        + "endbfrange endcmap end end"
    ).replace("100 beginbfrange", f"{2 + 0xA0 - 0x30} beginbfrange")
    unicode = add("", cmap.encode())
    descriptor = add(
        "<< /Type /FontDescriptor /FontName /S /Flags 4 /FontBBox [0 -200 1000 900]"
        " /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    cid = add(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /S /DW 1000 /CIDToGIDMap /Identity"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {descriptor} 0 R >>"
    )
    font = add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /S /Encoding /Identity-H"
        f" /DescendantFonts [{cid} 0 R] /ToUnicode {unicode} 0 R >>"
    )
    tree = len(objects) + 2 * len(pages) + 1
    kids = []
    for lines in pages:
        drawn = "".join(
            f"BT /F 12 Tf 60 {780 - 18 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
            for n, line in enumerate(lines)
        )
        content = add("", drawn.encode())
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R"
                f" /Resources << /Font << /F {font} 0 R >> >> >>"
            )
        )
    children = " ".join(f"{kid} 0 R" for kid in kids)
    add(f"<< /Type /Pages /Kids [{children}] /Count {len(kids)} >>")
    catalog = add(f"<< /Type /Catalog /Pages {tree} 0 R >>")
    info = add("<< /Title (Microsoft Word - report.docx) /CreationDate (D:20240305101500) >>")
    out, places = b"%PDF-1.7\n", []
    for number, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {size} /Root {catalog} 0 R /Info {info} 0 R >>\nstartxref\n{len(out)}\n%%EOF"
        ).encode()
    )
