<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n closest pictures</source>
        <translation><numerusform>最接近的 %Ln 张图片</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n copies elsewhere</source>
        <comment>of a file</comment>
        <translation><numerusform>其他位置有 %Ln 份副本</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n elsewhere</source>
        <comment>copies</comment>
        <translation><numerusform>其他位置 %Ln 份</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <comment>pictures</comment>
        <translation><numerusform>%Ln 张失败</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <comment>hours</comment>
        <translation><numerusform>%Ln 小时</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <comment>minutes</comment>
        <translation><numerusform>%Ln 分钟</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures</source>
        <translation><numerusform>%Ln 张图片</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures a second here</source>
        <translation><numerusform>本机每秒 %Ln 张图片</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n s</source>
        <comment>seconds</comment>
        <translation><numerusform>%Ln 秒</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <comment>pictures</comment>
        <translation><numerusform>已选 %Ln 张</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n selected pictures</source>
        <translation><numerusform>选中的 %Ln 张图片</numerusform></translation>
    </message>
    <message>
        <source>0 for as many as this machine has processors.</source>
        <translation>0 表示与本机处理器数相同。</translation>
    </message>
    <message>
        <source>A ZIP file</source>
        <translation>ZIP 文件</translation>
    </message>
    <message>
        <source>A larger file is not taken into a collection that lies in the library.</source>
        <translation>更大的文件不会收入资料库内的图库。</translation>
    </message>
    <message>
        <source>A larger one fails instead of being read.</source>
        <translation>更大的文件不会被读取。</translation>
    </message>
    <message>
        <source>A larger one fails instead of filling the memory.</source>
        <translation>更大的图片会被跳过，以免占满内存。</translation>
    </message>
    <message>
        <source>A larger one of a catalogue is not fetched.</source>
        <translation>目录中更大的图片不会下载。</translation>
    </message>
    <message>
        <source>A list for programs (JSON lines)</source>
        <translation>程序列表 (JSON Lines)</translation>
    </message>
    <message>
        <source>A list for spreadsheets (CSV)</source>
        <translation>表格列表 (CSV)</translation>
    </message>
    <message>
        <source>A page of small pictures (HTML)</source>
        <translation>缩略图网页 (HTML)</translation>
    </message>
    <message numerus="yes">
        <source>Add %n pictures</source>
        <translation><numerusform>添加 %Ln 张图片</numerusform></translation>
    </message>
    <message>
        <source>Add a bucket</source>
        <translation>添加存储桶</translation>
    </message>
    <message>
        <source>Add a bucket …</source>
        <translation>添加存储桶…</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Add a folder of pictures</source>
        <translation>添加图片文件夹</translation>
    </message>
    <message>
        <source>Add a folder of pictures (Ctrl+O)</source>
        <translation>添加图片文件夹 (Ctrl+O)</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Add pictures to the folder, or add another folder.</source>
        <translation>请向该文件夹添加图片，或添加其他文件夹。</translation>
    </message>
    <message>
        <source>Add tag “{tag}”</source>
        <translation>添加标签“{tag}”</translation>
    </message>
    <message>
        <source>Add this tag ({sure} sure)</source>
        <translation>添加此标签（置信度 {sure}）</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message numerus="yes">
        <source>All %n pictures shown</source>
        <translation><numerusform>显示的全部 %Ln 张图片</numerusform></translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>All pictures</source>
        <translation>所有图片</translation>
    </message>
    <message>
        <source>All pictures, the closest first</source>
        <translation>全部图片，最接近的在前</translation>
    </message>
    <message>
        <source>Also like this</source>
        <translation>也像这张</translation>
    </message>
    <message>
        <source>Also {n}, {date}, {folder}, {width} and {height}, as in “{n} {date} {name}”.</source>
        <translation>还可使用 {n}、{date}、{folder}、{width} 和 {height}，例如“{n} {date} {name}”。</translation>
    </message>
    <message>
        <source>An open_clip checkpoint of your own</source>
        <translation>您自己的 open_clip 检查点</translation>
    </message>
    <message>
        <source>Another colour …</source>
        <translation>其他颜色…</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Any colour</source>
        <translation>任意颜色</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>As</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Asking {url} …</source>
        <translation>正在连接 {url}…</translation>
    </message>
    <message>
        <source>Back to the search before</source>
        <translation>返回上一次搜索</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>Best match</source>
        <translation>最佳匹配</translation>
    </message>
    <message>
        <source>Best quality</source>
        <translation>质量最高</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>黑色</translation>
    </message>
    <message>
        <source>Bowerbird looks at your pictures where they are. Nothing is copied or sent.</source>
        <translation>Bowerbird 在原处查看您的图片，不会复制或发送任何内容。</translation>
    </message>
    <message>
        <source>Bowerbird ran into a fault of its own. Your pictures and your library are as they were. Nothing is sent anywhere; the report below helps whoever you show it to.</source>
        <translation>Bowerbird 遇到了自身的故障。您的图片和资料库保持原样。不会发送任何内容；下面的报告可供您提供给他人参考。</translation>
    </message>
    <message>
        <source>Buckets and the web are read no faster than this; 0 for no limit.</source>
        <translation>读取存储桶和网络不超过此速度；0 表示不限。</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Catalogues</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Clear the search (Escape)</source>
        <translation>清除搜索 (Esc)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colour of the pictures</source>
        <translation>图片的颜色</translation>
    </message>
    <message>
        <source>Colour {colour}</source>
        <translation>颜色 {colour}</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>窗口配色</translation>
    </message>
    <message>
        <source>Contact sheets (PDF)</source>
        <translation>联系表 (PDF)</translation>
    </message>
    <message>
        <source>Contact sheets (PNG)</source>
        <translation>联系表 (PNG)</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Copies of one shot</source>
        <translation>同一张照片的副本</translation>
    </message>
    <message>
        <source>Copies of the files, in a folder</source>
        <translation>文件副本，存入文件夹</translation>
    </message>
    <message>
        <source>Copies of {name}</source>
        <translation>{name} 的副本</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详细信息</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Describe a picture, or drop one here</source>
        <translation>描述一张图片，或将图片拖到此处</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Did you mean {words}?</source>
        <translation>您是不是要找{words}？</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download {name}</source>
        <translation>下载 {name}</translation>
    </message>
    <message>
        <source>Drop a folder of pictures here</source>
        <translation>将图片文件夹拖到此处</translation>
    </message>
    <message>
        <source>Edit tags</source>
        <translation>编辑标签</translation>
    </message>
    <message>
        <source>Edit tags …</source>
        <translation>编辑标签…</translation>
    </message>
    <message>
        <source>Edit the data of {name}</source>
        <translation>编辑 {name} 的信息</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>端点</translation>
    </message>
    <message>
        <source>Every day</source>
        <translation>每天</translation>
    </message>
    <message>
        <source>Every hour</source>
        <translation>每小时</translation>
    </message>
    <message>
        <source>Every month</source>
        <translation>每月</translation>
    </message>
    <message>
        <source>Every week</source>
        <translation>每周</translation>
    </message>
    <message>
        <source>Exact copies</source>
        <translation>完全相同的文件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>Export to {name}</source>
        <translation>导出到 {name}</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>Facts of your own</source>
        <translation>自定义信息</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>查找设置</translation>
    </message>
    <message>
        <source>Find copies of one shot</source>
        <translation>查找同一张照片的副本</translation>
    </message>
    <message>
        <source>Find pictures like this one</source>
        <translation>查找与此相似的图片</translation>
    </message>
    <message>
        <source>Find pictures of this colour</source>
        <translation>查找此颜色的图片</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似图片</translation>
    </message>
    <message>
        <source>Find the same shape</source>
        <translation>查找相同形状</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Forget search “{name}”</source>
        <translation>删除搜索“{name}”</translation>
    </message>
    <message>
        <source>Forget this search</source>
        <translation>删除此搜索</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>From the search to the pictures</source>
        <translation>从搜索转到图片</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go to the search</source>
        <translation>转到搜索</translation>
    </message>
    <message>
        <source>Good matches</source>
        <translation>匹配度高</translation>
    </message>
    <message>
        <source>Hard links to the files, in a folder</source>
        <translation>文件硬链接，存入文件夹</translation>
    </message>
    <message>
        <source>Hidden files</source>
        <translation>隐藏文件</translation>
    </message>
    <message>
        <source>Hide the tasks</source>
        <translation>隐藏任务</translation>
    </message>
    <message>
        <source>Holds from the next start on.</source>
        <translation>下次启动后生效。</translation>
    </message>
    <message>
        <source>How likely pictures match the words</source>
        <translation>图片与词语匹配的可能性</translation>
    </message>
    <message>
        <source>How many variations</source>
        <translation>变体数量</translation>
    </message>
    <message>
        <source>I pay for what is read</source>
        <translation>由我支付读取费用</translation>
    </message>
    <message>
        <source>Import a catalogue</source>
        <translation>导入目录</translation>
    </message>
    <message>
        <source>Import a catalogue …</source>
        <translation>导入目录…</translation>
    </message>
    <message>
        <source>Import {name}</source>
        <translation>导入 {name}</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Index also names that begin with a dot.</source>
        <translation>同时收录以点开头的文件。</translation>
    </message>
    <message>
        <source>It is public: use no keys</source>
        <translation>公开存储桶：不使用密钥</translation>
    </message>
    <message>
        <source>Its memory is given back after so long; 0 keeps it.</source>
        <translation>闲置这么久后释放其内存；0 表示一直保留。</translation>
    </message>
    <message>
        <source>Its pictures stay in the library's folder “managed” until you delete them there. Export them first if you want them elsewhere.</source>
        <translation>其图片会留在资料库的“managed”文件夹中，直到您在那里删除。如需放到其他位置，请先导出。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Keys come from the AWS configuration of this machine, or are kept in its keyring and nowhere else. Nothing is ever written to the bucket.</source>
        <translation>密钥取自本机的 AWS 配置，或保存在系统钥匙串中，不会保存在其他地方。绝不会向存储桶写入任何内容。</translation>
    </message>
    <message>
        <source>Keys …</source>
        <translation>快捷键…</translation>
    </message>
    <message>
        <source>Larger pictures</source>
        <translation>放大图片</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>最大文件</translation>
    </message>
    <message>
        <source>Largest picture</source>
        <translation>最大图片</translation>
    </message>
    <message>
        <source>Largest picture from the web</source>
        <translation>网络图片的最大大小</translation>
    </message>
    <message>
        <source>Largest picture in the library itself</source>
        <translation>资料库内的最大图片</translation>
    </message>
    <message>
        <source>Leave out what does not match the words well</source>
        <translation>排除与词语匹配度不高的图片</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Local copies, made to open or export them; those unused for longest are dropped.</source>
        <translation>为打开或导出而建立的本地副本；最久未用的会被删除。</translation>
    </message>
    <message>
        <source>Look at shapes</source>
        <translation>查看形状</translation>
    </message>
    <message>
        <source>Look by itself</source>
        <translation>自动检查</translation>
    </message>
    <message>
        <source>Look by itself …</source>
        <translation>自动检查…</translation>
    </message>
    <message>
        <source>Look for changes</source>
        <translation>查找更改</translation>
    </message>
    <message>
        <source>Look for changes in all collections</source>
        <translation>在所有图库中查找更改</translation>
    </message>
    <message>
        <source>Look for changes in {name}</source>
        <translation>检查 {name} 的更改</translation>
    </message>
    <message>
        <source>Look for changes in “{name}”</source>
        <translation>检查“{name}”的更改</translation>
    </message>
    <message>
        <source>Looking at your pictures</source>
        <translation>正在查看您的图片</translation>
    </message>
    <message>
        <source>Looking for changes … {count} found</source>
        <translation>正在查找更改… 已找到 {count} 个</translation>
    </message>
    <message>
        <source>Looks alike</source>
        <translation>相似图片</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>匹配</translation>
    </message>
    <message>
        <source>Measure the speed here</source>
        <translation>测量本机速度</translation>
    </message>
    <message>
        <source>Missing files</source>
        <translation>缺失的文件</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models …</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Most pixels</source>
        <translation>像素最多</translation>
    </message>
    <message numerus="yes">
        <source>Move %n files to the trash</source>
        <translation><numerusform>将 %Ln 个文件移到回收站</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Move %n files to the trash?</source>
        <translation><numerusform>将 %Ln 个文件移到回收站？</numerusform></translation>
    </message>
    <message>
        <source>Move the files to the trash</source>
        <translation>将文件移到回收站</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move to the trash …	Delete</source>
        <translation>移到回收站…	Delete</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Name of a fact</source>
        <translation>信息名称</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>命名</translation>
    </message>
    <message>
        <source>Names, or paths with a slash, one a line; * and ? stand for anything.</source>
        <translation>名称或带斜杠的路径，每行一个；* 和 ? 代表任意字符。</translation>
    </message>
    <message>
        <source>Narrow by what is said of pictures</source>
        <translation>按图片信息筛选</translation>
    </message>
    <message>
        <source>Nearly the same</source>
        <translation>几乎相同</translation>
    </message>
    <message>
        <source>Never index</source>
        <translation>从不收录</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>新建图库</translation>
    </message>
    <message>
        <source>New collection …</source>
        <translation>新建图库…</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新优先</translation>
    </message>
    <message>
        <source>No good match below this line</source>
        <translation>此线以下没有匹配度高的图片</translation>
    </message>
    <message>
        <source>No picture matches well. These come closest.</source>
        <translation>没有匹配度高的图片，以下最为接近。</translation>
    </message>
    <message>
        <source>Not like this</source>
        <translation>不像这张</translation>
    </message>
    <message>
        <source>Nothing was found</source>
        <translation>未找到任何内容</translation>
    </message>
    <message>
        <source>Nothing: transparent</source>
        <translation>无：透明</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早优先</translation>
    </message>
    <message>
        <source>Only for services other than Amazon</source>
        <translation>仅用于 Amazon 以外的服务</translation>
    </message>
    <message>
        <source>Only what matches with {value} % or more</source>
        <translation>仅显示匹配度不低于 {value}% 的图片</translation>
    </message>
    <message>
        <source>Only when asked</source>
        <translation>仅在要求时</translation>
    </message>
    <message>
        <source>Only where no profile has one</source>
        <translation>仅在配置文件中没有密钥时</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open the file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation>图片的排序</translation>
    </message>
    <message>
        <source>Part of {name}</source>
        <translation>{name} 的局部</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures asked of one host</source>
        <translation>每台主机的图片请求数</translation>
    </message>
    <message>
        <source>Pictures over time</source>
        <translation>图片的时间分布</translation>
    </message>
    <message>
        <source>Pictures read at a time</source>
        <translation>同时读取的图片数</translation>
    </message>
    <message>
        <source>Pictures that are dropped on it are copied into the library. Its name:</source>
        <translation>拖放到其中的图片会复制到资料库中。名称：</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>配置文件</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message numerus="yes">
        <source>Put %n files back</source>
        <translation><numerusform>放回 %Ln 个文件</numerusform></translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>快速查看</translation>
    </message>
    <message>
        <source>Quick look	Space</source>
        <translation>快速查看	空格</translation>
    </message>
    <message>
        <source>Quick look; up to four side by side</source>
        <translation>快速查看；最多四张并排</translation>
    </message>
    <message>
        <source>Recent searches</source>
        <translation>最近的搜索</translation>
    </message>
    <message>
        <source>Records of the same name are changed, others are added. Name of the catalogue:</source>
        <translation>同名记录会被更新，其余会被添加。目录名称：</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Reimagine</source>
        <translation>重新想象</translation>
    </message>
    <message>
        <source>Reimagine …</source>
        <translation>重新想象…</translation>
    </message>
    <message>
        <source>Remember missing pictures</source>
        <translation>保留缺失图片的信息</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message numerus="yes">
        <source>Remove background of %n pictures</source>
        <translation><numerusform>移除 %Ln 张图片的背景</numerusform></translation>
    </message>
    <message>
        <source>Remove background …</source>
        <translation>移除背景…</translation>
    </message>
    <message>
        <source>Remove from the library</source>
        <translation>从资料库移除</translation>
    </message>
    <message>
        <source>Remove from the library …</source>
        <translation>从资料库移除…</translation>
    </message>
    <message>
        <source>Remove from the search</source>
        <translation>从搜索中移除</translation>
    </message>
    <message>
        <source>Remove tag “{tag}”</source>
        <translation>移除标签“{tag}”</translation>
    </message>
    <message>
        <source>Remove the background</source>
        <translation>移除背景</translation>
    </message>
    <message>
        <source>Remove this fact</source>
        <translation>移除此信息</translation>
    </message>
    <message>
        <source>Remove this tag</source>
        <translation>移除此标签</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Remove “{name}” with its {count} pictures from the library?</source>
        <translation>要从资料库移除“{name}”及其 {count} 张图片吗？</translation>
    </message>
    <message>
        <source>Rename collection</source>
        <translation>重命名图库</translation>
    </message>
    <message>
        <source>Rename “{name}”</source>
        <translation>重命名“{name}”</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Room for pictures from buckets</source>
        <translation>存储桶图片的空间</translation>
    </message>
    <message>
        <source>Room for thumbnails</source>
        <translation>缩略图空间</translation>
    </message>
    <message>
        <source>Rows filled with pictures</source>
        <translation>填满图片的行</translation>
    </message>
    <message>
        <source>Rows filled with pictures, or squares</source>
        <translation>填满图片的行或方格</translation>
    </message>
    <message>
        <source>SQS, if the bucket sends its events to one</source>
        <translation>SQS（如果存储桶向其发送事件）</translation>
    </message>
    <message>
        <source>Save search “{name}”</source>
        <translation>保存搜索“{name}”</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>保存此搜索</translation>
    </message>
    <message>
        <source>Save this search (Ctrl+S)</source>
        <translation>保存此搜索 (Ctrl+S)</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>已保存的搜索</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search by a picture</source>
        <translation>以图搜图</translation>
    </message>
    <message>
        <source>Search by a picture …</source>
        <translation>以图搜图…</translation>
    </message>
    <message>
        <source>Search by the picture in the clipboard</source>
        <translation>用剪贴板中的图片搜索</translation>
    </message>
    <message>
        <source>Searching by {name}</source>
        <translation>正在以 {name} 搜索</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>密钥口令</translation>
    </message>
    <message>
        <source>Select a picture to see what is known of it.</source>
        <translation>选择一张图片以查看其信息。</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Select all but the best of each</source>
        <translation>选择除最佳之外的所有图片</translation>
    </message>
    <message>
        <source>Set words aside as a part of their own</source>
        <translation>把词语单独作为一个条件</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Shaped like {name}</source>
        <translation>形状类似 {name}</translation>
    </message>
    <message>
        <source>Show all copies</source>
        <translation>显示所有副本</translation>
    </message>
    <message>
        <source>Show all tasks (Ctrl+J)</source>
        <translation>显示所有任务 (Ctrl+J)</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show its own size</source>
        <translation>按实际大小显示</translation>
    </message>
    <message>
        <source>Show or hide the details</source>
        <translation>显示或隐藏详细信息</translation>
    </message>
    <message>
        <source>Show or hide the places</source>
        <translation>显示或隐藏位置栏</translation>
    </message>
    <message>
        <source>Show or hide the tasks</source>
        <translation>显示或隐藏任务</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>显示整张图片</translation>
    </message>
    <message>
        <source>Show these</source>
        <translation>显示这些</translation>
    </message>
    <message>
        <source>Show this sheet</source>
        <translation>显示此快捷键表</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>图片大小</translation>
    </message>
    <message>
        <source>Size of the pictures (Ctrl and the wheel)</source>
        <translation>图片大小（Ctrl 加滚轮）</translation>
    </message>
    <message>
        <source>Smaller pictures</source>
        <translation>缩小图片</translation>
    </message>
    <message>
        <source>So many a second while a catalogue is fetched; 0 for as many as come.</source>
        <translation>获取目录时每秒的请求数；0 表示不限。</translation>
    </message>
    <message>
        <source>Something unexpected went wrong: {error}</source>
        <translation>发生意外错误：{error}</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出错了</translation>
    </message>
    <message>
        <source>Squares with names</source>
        <translation>带名称的方格</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop; what is done is kept</source>
        <translation>停止；已完成的部分会保留</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Syncs take changes at once, the window from its next start on.</source>
        <translation>同步会立即采用更改，窗口从下次启动起采用。</translation>
    </message>
    <message>
        <source>Tag</source>
        <comment>a word given to pictures</comment>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tag “{tag}”</source>
        <translation>添加标签“{tag}”</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags and facts of a file that is gone are kept so long, should it come back.</source>
        <translation>文件消失后，其标签和信息会保留这么久，以便它重新出现时恢复。</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>拍摄时间</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>The files stay where they are. Tags given to these pictures are forgotten.</source>
        <translation>文件保持不动，这些图片的标签将被删除。</translation>
    </message>
    <message>
        <source>The first ones show in a moment. You can search as soon as they do.</source>
        <translation>第一批图片即将显示，届时即可搜索。</translation>
    </message>
    <message>
        <source>The library could not be opened</source>
        <translation>无法打开资料库</translation>
    </message>
    <message>
        <source>The link was copied. A bucket's link works for an hour.</source>
        <translation>链接已复制。存储桶的链接一小时内有效。</translation>
    </message>
    <message>
        <source>The next picture</source>
        <translation>下一张图片</translation>
    </message>
    <message>
        <source>The own background, out of focus</source>
        <translation>原背景，虚化</translation>
    </message>
    <message>
        <source>The picture before</source>
        <translation>上一张图片</translation>
    </message>
    <message>
        <source>The service wants the bucket in the path</source>
        <translation>该服务要求存储桶名位于路径中</translation>
    </message>
    <message>
        <source>There are no pictures here</source>
        <translation>这里没有图片</translation>
    </message>
    <message>
        <source>They can be put back from there. Their tags are kept for some time, should they.</source>
        <translation>可以从那里放回。其标签会保留一段时间，以便放回后恢复。</translation>
    </message>
    <message>
        <source>Those unused for longest are dropped, and made again when they are needed.</source>
        <translation>最久未用的会被删除，需要时重新生成。</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try and add</source>
        <translation>测试并添加</translation>
    </message>
    <message>
        <source>Try failed pictures again</source>
        <translation>重试失败的图片</translation>
    </message>
    <message>
        <source>Try other words, choose all pictures, or clear the search with Escape.</source>
        <translation>请尝试其他词语、选择所有图片，或按 Esc 清除搜索。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Unload an unused model</source>
        <translation>卸载闲置模型</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use a file</source>
        <translation>使用文件</translation>
    </message>
    <message>
        <source>Use a file …</source>
        <translation>使用文件…</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Value of a fact</source>
        <translation>信息内容</translation>
    </message>
    <message>
        <source>Waiting for their pictures</source>
        <translation>等待图片</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>失败项</translation>
    </message>
    <message>
        <source>What is to stand behind</source>
        <translation>背景内容</translation>
    </message>
    <message>
        <source>Wheel, Up and Down: how much it counts; below 0, what to avoid</source>
        <translation>滚轮、上下键：权重；小于 0 表示排除</translation>
    </message>
    <message>
        <source>When something changes</source>
        <translation>有更改时</translation>
    </message>
    <message>
        <source>When “{name}” is looked at</source>
        <translation>“{name}”的检查时间</translation>
    </message>
    <message>
        <source>Where to put the pictures without background</source>
        <translation>无背景图片的存放位置</translation>
    </message>
    <message>
        <source>Where to put the variations</source>
        <translation>变体的存放位置</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>With the mouse: search by a part of the picture</source>
        <translation>配合鼠标：用图片的局部搜索</translation>
    </message>
    <message>
        <source>Working …</source>
        <translation>处理中…</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>below {size} MP</source>
        <translation>低于 {size} MP</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>megapixels</source>
        <translation>百万像素</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>not there now</source>
        <translation>目前不在</translation>
    </message>
    <message>
        <source>pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>ships with Bowerbird</source>
        <translation>随 Bowerbird 提供</translation>
    </message>
    <message>
        <source>square</source>
        <translation>方形</translation>
    </message>
    <message>
        <source>tall</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>wide</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{name} is not there now. Connect its drive, or sync the collection.</source>
        <translation>{name} 目前不在。请连接其所在的磁盘，或同步该图库。</translation>
    </message>
    <message>
        <source>{name} lies on this machine and has no address.</source>
        <translation>{name} 位于本机，没有网址。</translation>
    </message>
    <message>
        <source>{rate} a second</source>
        <translation>每秒 {rate} 张</translation>
    </message>
    <message>
        <source>{size} MP and more</source>
        <translation>{size} MP 及以上</translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation>需下载 {size}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>Answer other programs while this window is open</source>
        <translation>此窗口打开时响应其他程序</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部操作</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>In</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>It answers at {address}; {link} describes it.</source>
        <translation>正在 {address} 响应；说明见 {link}。</translation>
    </message>
    <message>
        <source>It is off.</source>
        <translation>已关闭。</translation>
    </message>
    <message>
        <source>It may</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>It starts …</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>上次使用</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>创建密钥</translation>
    </message>
    <message>
        <source>Make a key …</source>
        <translation>创建密钥…</translation>
    </message>
    <message>
        <source>No key yet. Every program needs one: make the first below.</source>
        <translation>还没有密钥。每个程序都需要一个：请在下方创建第一个。</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Other programs may name addresses of this machine and its network to fetch from.</source>
        <translation>其他程序可以指定从本机及其网络的地址获取图片。</translation>
    </message>
    <message>
        <source>Other programs …</source>
        <translation>其他程序…</translation>
    </message>
    <message>
        <source>Pictures of the own network</source>
        <translation>本地网络的图片</translation>
    </message>
    <message>
        <source>Programs on this machine can search and use the library over HTTP, in the dialects of Similarix, Ximilar, Dupify, Thread Genius and Clipdrop.</source>
        <translation>本机上的程序可以通过 HTTP 搜索和使用图库，支持 Similarix、Ximilar、Dupify、Thread Genius 和 Clipdrop 的接口。</translation>
    </message>
    <message>
        <source>Programs that have it are refused at once.</source>
        <translation>持有它的程序会立即被拒绝。</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求数</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Revoke the key {name}?</source>
        <translation>撤销密钥 {name}？</translation>
    </message>
    <message>
        <source>Search and change</source>
        <translation>搜索和修改</translation>
    </message>
    <message>
        <source>The key {name} is made. Copy its secret now: it is kept nowhere.</source>
        <translation>密钥 {name} 已创建。请立即复制其密文：它不会被保存。</translation>
    </message>
    <message>
        <source>The program that gets it</source>
        <translation>使用它的程序</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已移除</translation>
    </message>
    <message>
        <source>Looking for things …</source>
        <translation>正在查找物体…</translation>
    </message>
    <message>
        <source>No things found</source>
        <translation>未找到物体</translation>
    </message>
    <message>
        <source>Show the things in it; a click searches by one</source>
        <translation>显示其中的物体；点击即按其搜索</translation>
    </message>
    <message>
        <source>The next thing; Enter searches by it</source>
        <translation>下一个物体；按回车键按其搜索</translation>
    </message>
    <message numerus="yes">
        <source>%n of them are whole videos, with all their scenes.</source>
        <translation><numerusform>其中 %Ln 个是完整的视频，包括其所有场景。</numerusform></translation>
    </message>
    <message>
        <source>A larger brush</source>
        <translation>更大的画笔</translation>
    </message>
    <message>
        <source>A picture …</source>
        <translation>一张图片…</translation>
    </message>
    <message>
        <source>A smaller brush</source>
        <translation>更小的画笔</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>After alone, before alone, both</source>
        <translation>仅之后、仅之前、两者</translation>
    </message>
    <message>
        <source>All models run here on this machine. Another one for searching looks at every picture anew; until it is done, the one before goes on answering.</source>
        <translation>所有模型都在本机上运行。换用新的搜索模型后会重新查看每张图片；完成之前仍由原来的模型回答。</translation>
    </message>
    <message>
        <source>Another number, other pictures.</source>
        <translation>换一个数字，得到不同的图片。</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Behind</source>
        <translation>背景</translation>
    </message>
    <message>
        <source>Behind the subject</source>
        <translation>主体背后</translation>
    </message>
    <message>
        <source>Beside the picture</source>
        <translation>图片旁边</translation>
    </message>
    <message>
        <source>Built-in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>不保存并关闭</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Draw it again (Ctrl+Shift+Z)</source>
        <translation>重新绘制 (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Go on painting</source>
        <translation>继续绘制</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>硬度</translation>
    </message>
    <message>
        <source>Hardness of the brush</source>
        <translation>画笔硬度</translation>
    </message>
    <message>
        <source>How far from the picture</source>
        <translation>与原图的差距</translation>
    </message>
    <message>
        <source>In a folder …</source>
        <translation>放入文件夹…</translation>
    </message>
    <message>
        <source>Look into videos</source>
        <translation>查看视频内容</translation>
    </message>
    <message>
        <source>Looking for the subject …</source>
        <translation>正在查找主体…</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>生成方式</translation>
    </message>
    <message>
        <source>Making variations</source>
        <translation>生成变体</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models with finer edges can be downloaded under Models.</source>
        <translation>可在“模型”中下载边缘更精细的模型。</translation>
    </message>
    <message>
        <source>Move the brush; with Shift, paint</source>
        <translation>移动画笔；按住 Shift 则绘制</translation>
    </message>
    <message>
        <source>Move the handle between before and after</source>
        <translation>移动前后对比的滑块</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>No subject was found. Paint over what is to be kept.</source>
        <translation>未找到主体。请涂抹要保留的部分。</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>已在本机上</translation>
    </message>
    <message>
        <source>Paint one dab</source>
        <translation>点一笔</translation>
    </message>
    <message>
        <source>Paint over what is to be kept (K)</source>
        <translation>涂抹要保留的部分 (K)</translation>
    </message>
    <message>
        <source>Paint over what is to be removed (R)</source>
        <translation>涂抹要移除的部分 (R)</translation>
    </message>
    <message>
        <source>Pass over videos</source>
        <translation>略过视频</translation>
    </message>
    <message>
        <source>Pieces of the picture itself</source>
        <translation>图片自身的片段</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Quick, without a model. Nothing new comes into the picture.</source>
        <translation>速度快，无需模型。不会给图片添加新内容。</translation>
    </message>
    <message>
        <source>Read text</source>
        <translation>读取文字</translation>
    </message>
    <message numerus="yes">
        <source>Read text in %n pictures</source>
        <translation><numerusform>读取 %Ln 张图片中的文字</numerusform></translation>
    </message>
    <message>
        <source>Read text in all pictures</source>
        <translation>读取所有图片中的文字</translation>
    </message>
    <message>
        <source>Read text in its pictures</source>
        <translation>读取其图片中的文字</translation>
    </message>
    <message>
        <source>Remove background of {name}</source>
        <translation>移除 {name} 的背景</translation>
    </message>
    <message>
        <source>Removing backgrounds</source>
        <translation>移除背景</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save all {count}</source>
        <translation>保存全部 {count} 张</translation>
    </message>
    <message>
        <source>Save the other {count}</source>
        <translation>保存其余 {count} 张</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>已保存为 {name}</translation>
    </message>
    <message>
        <source>Saving {name} …</source>
        <translation>正在保存 {name}…</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Show what is removed, faintly</source>
        <translation>淡淡显示被移除的部分</translation>
    </message>
    <message>
        <source>Size of the brush</source>
        <translation>画笔大小</translation>
    </message>
    <message>
        <source>Smaller with [, larger with ]</source>
        <translation>[ 变小，] 变大</translation>
    </message>
    <message>
        <source>Take all strokes away</source>
        <translation>清除所有笔画</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Text in the picture</source>
        <translation>图片中的文字</translation>
    </message>
    <message>
        <source>The brush that keeps; the other mouse button removes</source>
        <translation>保留画笔；鼠标另一键为移除</translation>
    </message>
    <message>
        <source>The brush that removes; the other mouse button keeps</source>
        <translation>移除画笔；鼠标另一键为保留</translation>
    </message>
    <message>
        <source>The first {share} % are as before</source>
        <translation>前 {share} % 为原图</translation>
    </message>
    <message>
        <source>The hard core counts as it is painted; around it the edges of the picture hold.</source>
        <translation>硬核部分按所绘为准；其周围以图片边缘为准。</translation>
    </message>
    <message>
        <source>The picture before and after</source>
        <translation>图片前后对比</translation>
    </message>
    <message>
        <source>The text could not be read.</source>
        <translation>无法读取文字。</translation>
    </message>
    <message>
        <source>This picture is not in the library any more.</source>
        <translation>此图片已不在图库中。</translation>
    </message>
    <message>
        <source>Those that you corrected keep your strokes; the others are saved as found.</source>
        <translation>您修正过的保留笔画；其余按识别结果保存。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>To see where the brush is to bring something back (F)</source>
        <translation>便于看清要用画笔恢复的位置 (F)</translation>
    </message>
    <message>
        <source>Undo the last stroke (Ctrl+Z)</source>
        <translation>撤销上一笔 (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Where to</source>
        <translation>保存位置</translation>
    </message>
    <message>
        <source>With text</source>
        <translation>含文字</translation>
    </message>
    <message>
        <source>With the mouse: move the picture</source>
        <translation>配合鼠标：移动图片</translation>
    </message>
    <message>
        <source>Your strokes are not saved.</source>
        <translation>您的笔画尚未保存。</translation>
    </message>
    <message>
        <source>far</source>
        <translation>远</translation>
    </message>
    <message>
        <source>near</source>
        <translation>近</translation>
    </message>
    <message>
        <source>{name} is chosen, but is not on this machine: download it again under Models.</source>
        <translation>已选择 {name}，但它不在本机上：请在“模型”中重新下载。</translation>
    </message>
    <message>
        <source>{name} makes new pictures of the same things: download it under Models ({size}).</source>
        <translation>{name} 能以相同的事物生成新图片：请在“模型”中下载（{size}）。</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} / {count} 张</translation>
    </message>
    <message>
        <source>{share} % done</source>
        <translation>已完成 {share}%</translation>
    </message>
    <message>
        <source>Finding things</source>
        <translation>查找物体</translation>
    </message>
    <message>
        <source>Find similar shots</source>
        <translation>查找相似的照片</translation>
    </message>
    <message>
        <source>Select the best of each</source>
        <translation>选择每组中最佳的图片</translation>
    </message>
    <message>
        <source>Similar shots</source>
        <translation>相似的照片</translation>
    </message>
    <message>
        <source>most pixels</source>
        <translation>像素最多</translation>
    </message>
    <message>
        <source>a format without loss</source>
        <translation>无损格式</translation>
    </message>
    <message>
        <source>largest file</source>
        <translation>文件最大</translation>
    </message>
    <message>
        <source>knows when it was taken</source>
        <translation>有拍摄时间</translation>
    </message>
    <message>
        <source>most tags</source>
        <translation>标签最多</translation>
    </message>
    <message>
        <source>best quality</source>
        <translation>质量最好</translation>
    </message>
    <message>
        <source>oldest</source>
        <translation>最早</translation>
    </message>
    <message>
        <source>first found</source>
        <translation>最先找到</translation>
    </message>
    <message>
        <source>lies where you keep pictures</source>
        <translation>位于您保留图片的位置</translation>
    </message>
    <message>
        <source>{size} to spare</source>
        <translation>可省出 {size}</translation>
    </message>
    <message>
        <source>Best: {reason}</source>
        <translation>最佳：{reason}</translation>
    </message>
    <message>
        <source>To keep: {reason}</source>
        <translation>保留：{reason}</translation>
    </message>
    <message>
        <source>Sort out copies</source>
        <translation>整理副本</translation>
    </message>
    <message>
        <source>Sort out copies …</source>
        <translation>整理副本…</translation>
    </message>
    <message>
        <source>Sort out …</source>
        <translation>整理…</translation>
    </message>
    <message>
        <source>What lies in these folders is kept before all else.</source>
        <translation>优先保留这些文件夹中的图片。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>组</translation>
    </message>
    <message>
        <source>Pictures of the group; a tick keeps one</source>
        <translation>组中的图片；勾选即保留</translation>
    </message>
    <message>
        <source>Give what is kept the tags of what goes</source>
        <translation>将移走图片的标签合并到保留的图片</translation>
    </message>
    <message>
        <source>Trash the rest of this group …</source>
        <translation>将此组其余移到回收站…</translation>
    </message>
    <message>
        <source>Trash the rest of all groups …</source>
        <translation>将所有组其余移到回收站…</translation>
    </message>
    <message>
        <source>Other moments of one scene. All are kept until you untick some.</source>
        <translation>同一场景的其他瞬间。取消勾选之前全部保留。</translation>
    </message>
    <message>
        <source>What is ticked is kept; the rest goes to the trash once you agreed.</source>
        <translation>勾选的会保留；其余在您同意后移到回收站。</translation>
    </message>
    <message>
        <source>No similar shots are known. Looking for them finds new ones.</source>
        <translation>尚无已知的相似照片。可以查找新的。</translation>
    </message>
    <message>
        <source>No copies are known. Looking for them finds new ones.</source>
        <translation>尚无已知的副本。可以查找新的。</translation>
    </message>
    <message numerus="yes">
        <source>%n groups</source>
        <comment>of copies</comment>
        <translation><numerusform>%Ln 组</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n files to spare</source>
        <translation><numerusform>可移走 %Ln 个文件</numerusform></translation>
    </message>
    <message>
        <source>Keep what lies in</source>
        <translation>优先保留</translation>
    </message>
    <message>
        <source>Another folder …</source>
        <translation>其他文件夹…</translation>
    </message>
    <message numerus="yes">
        <source>Something of %n groups stays: a file of theirs is not there now.</source>
        <translation><numerusform>%Ln 组未完全处理：其中有文件目前不可用。</numerusform></translation>
    </message>
    <message>
        <source>Merge the tags of copies</source>
        <translation>合并副本的标签</translation>
    </message>
    <message>
        <source>sharpness {sharpness}, brightness {brightness}, composition {composition}</source>
        <translation>清晰度 {sharpness}，亮度 {brightness}，构图 {composition}</translation>
    </message>
    <message>
        <source>very much</source>
        <translation>非常相似</translation>
    </message>
    <message>
        <source>much</source>
        <translation>相似</translation>
    </message>
    <message>
        <source>a little</source>
        <translation>略微相似</translation>
    </message>
    <message>
        <source>hardly</source>
        <translation>几乎不相似</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>warm</source>
        <translation>暖色</translation>
    </message>
    <message>
        <source>cool</source>
        <translation>冷色</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>中性</translation>
    </message>
    <message>
        <source>B: things in it   Shift and drag: search by a part   Space: back</source>
        <translation>B：图中物体   Shift 加拖动：按局部搜索   空格：返回</translation>
    </message>
    <message>
        <source>Add suggested tags</source>
        <translation>添加建议的标签</translation>
    </message>
    <message>
        <source>Read attributes</source>
        <translation>读取属性</translation>
    </message>
    <message numerus="yes">
        <source>Add suggested tags to %n pictures</source>
        <translation><numerusform>为 %Ln 张图片添加建议的标签</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Read attributes of %n pictures</source>
        <translation><numerusform>读取 %Ln 张图片的属性</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures changed</source>
        <translation><numerusform>已更改 %Ln 张图片</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Reimagine %n pictures</source>
        <translation><numerusform>重新想象 %Ln 张图片</numerusform></translation>
    </message>
    <message>
        <source>Make variations</source>
        <translation>生成变体</translation>
    </message>
    <message>
        <source>In what is shown</source>
        <translation>当前结果中</translation>
    </message>
    <message>
        <source>Ctrl and a click add another colour.</source>
        <translation>按住 Ctrl 点击可添加另一种颜色。</translation>
    </message>
    <message>
        <source>some of it</source>
        <translation>有一些</translation>
    </message>
    <message>
        <source>How much of {colour}</source>
        <translation>{colour} 的比例</translation>
    </message>
    <message>
        <source>Colours of what is shown</source>
        <translation>当前结果的颜色</translation>
    </message>
    <message>
        <source>Leave out what is blurred, dark or badly framed</source>
        <translation>排除模糊、过暗或构图不佳的图片</translation>
    </message>
    <message>
        <source>Any quality</source>
        <translation>任意质量</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>All in all</source>
        <translation>总体</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>清晰度</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Composition</source>
        <translation>构图</translation>
    </message>
    <message>
        <source>Worst quality</source>
        <translation>质量最差</translation>
    </message>
    <message>
        <source>Mood</source>
        <translation>色调</translation>
    </message>
    <message>
        <source>Only in</source>
        <translation>仅限</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Pictures to reimagine</source>
        <translation>可重新想象的图片数</translation>
    </message>
    <message>
        <source>Without a tick it is for all collections.</source>
        <translation>不勾选则适用于所有图库。</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>The server has ended. Switch it on again.</source>
        <translation>服务器已停止。请重新开启。</translation>
    </message>
    <message numerus="yes">
        <source>%n requests a minute</source>
        <translation><numerusform>每分钟 %Ln 次请求</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n pictures left to reimagine</source>
        <translation><numerusform>还可重新想象 %Ln 张图片</numerusform></translation>
    </message>
    <message>
        <source>the first {count} are shown</source>
        <translation>显示前 {count} 组</translation>
    </message>
</context>
</TS>
