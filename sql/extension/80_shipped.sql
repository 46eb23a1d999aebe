-- 80_shipped.sql -- measures and catalogues that come with the extension; generated from rules/

-- @shipped@
