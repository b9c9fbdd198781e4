namespace DataSpoc.Ml.Reporting;

/// <summary>How a report looks, light and dark.</summary>
internal static class ReportStyle
{
    /// <summary>CSS without any reference to the outside.</summary>
    public const string Css = """
        :root{color-scheme:light dark;--page:#fff;--ink:#1c2330;--soft:#5b6675;--line:#e1e5ea;--card:#f6f7f9;--accent:#1f6feb;--second:#b35900}
        @media(prefers-color-scheme:dark){:root{--page:#12161c;--ink:#e6eaf0;--soft:#9aa6b5;--line:#2b333e;--card:#1a2028;--accent:#6aa6ff;--second:#ffb066}}
        *{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
        main{max-width:1000px;margin:0 auto;padding:32px 20px 64px}h1{font-size:28px;margin:0}h2{font-size:19px;margin:36px 0 12px;border-bottom:1px solid var(--line);padding-bottom:6px}
        h3{font-size:15px;margin:20px 0 8px}.lead{color:var(--soft);margin:4px 0 20px}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px}.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px;display:flex;flex-direction:column}
        .card span,.card small,figcaption{color:var(--soft);font-size:13px}.card b{font-size:26px;font-variant-numeric:tabular-nums}
        .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:20px}figure{margin:0;min-width:0}svg{width:100%;height:auto}
        svg text{fill:var(--soft);font-size:11px}.grid{stroke:var(--line)}.chance{stroke:var(--soft);stroke-dasharray:4 4}.line{fill:none;stroke:var(--accent);stroke-width:2}.s1{stroke:var(--second)}
        .bar{fill:var(--accent)}.dot{fill:var(--accent);fill-opacity:.55}.lo{fill:var(--second)}.facts td:first-child{white-space:nowrap;color:var(--soft)}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th{text-align:left;color:var(--soft);font-weight:500}th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}summary{cursor:pointer;margin-top:16px;color:var(--soft)}
        @media print{body{font-size:12px}section{break-inside:avoid}}
        """;
}
